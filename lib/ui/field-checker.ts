import { createFormControl } from "react-hook-form";
import type { FieldCheck, FieldChecks } from "./field-checks";

/** Checks one field of a form. Answers the sentence to show for a wrong value, or undefined. */
export type FieldChecker<Name extends string> = (name: Name, typed: string) => Promise<string | undefined>;

/** The only file that imports react-hook-form: `useCheckedFields` loads it when a form is first used. */
export function createFieldChecker<Name extends string>(checks: FieldChecks<Name>): FieldChecker<Name> {
  const form = createFormControl<Record<string, string>>({ shouldFocusError: false });
  for (const [name, check] of Object.entries<FieldCheck | undefined>(checks)) {
    form.register(name, { validate: (typed) => (typed && check?.(typed)) || true });
  }
  return async (name: string, typed) => {
    form.setValue(name, typed);
    await form.trigger(name);
    return form.getFieldState(name).error?.message;
  };
}
