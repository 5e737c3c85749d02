import { type FocusEvent, useRef, useState } from "react";
import type { FieldChecker } from "./field-checker";
import type { FieldChecks } from "./field-checks";
import { type FormState, issueOf } from "./form-state";

interface CheckedFields<Name extends string> {
  failure: FormState;
  checks: FieldChecks<Name>;
  /** What stands in the fields before the first try. */
  defaults?: { readonly [name in Name]?: string | undefined };
}

/** The attributes of one field, for `Field`, `AmountField` and the like. */
export interface CheckedField<Name extends string = string> {
  name: Name;
  defaultValue: string;
  error: string | undefined;
  onFocus(): void;
  onBlur(event: FocusEvent<HTMLInputElement>): void;
}

/**
 * The attributes of a form's fields, each checked when it is left. It never stops a form from being sent. What the
 * server said about a value stands until the value changes. Mount it anew for each failure.
 *
 * react-hook-form (13 kB) is loaded when a field is first entered, so that no page waits for it.
 */
export function useCheckedFields<Name extends string>({ failure, checks, defaults }: CheckedFields<Name>) {
  const [checked, setChecked] = useState<Readonly<Record<string, string | undefined>>>({});
  const checker = useFieldChecker(checks);
  return (name: Name): CheckedField<Name> => {
    const fromServer = issueOf(failure, name);
    const sent = failure?.values[name] ?? "";
    return {
      name,
      defaultValue: failure ? sent : (defaults?.[name] ?? ""),
      error: name in checked ? checked[name] : fromServer,
      onFocus: () => void checker(),
      onBlur: async ({ target: input, relatedTarget }) => {
        // A message that comes or goes would move the button away from under the finger.
        if (relatedTarget instanceof HTMLButtonElement) return;
        const typed = input.value;
        const isAsSent = fromServer !== undefined && typed === sent;
        const problem = isAsSent ? fromServer : await (await checker())?.(name, typed);
        // While the checker was loading, somebody may have typed on.
        if (input.value === typed) setChecked((before) => ({ ...before, [name]: problem }));
      },
    };
  };
}

/** Loads the checker at the first call; null while there is no network, and then the server checks alone. */
function useFieldChecker<Name extends string>(checks: FieldChecks<Name>) {
  const loading = useRef<Promise<FieldChecker<Name> | null> | null>(null);
  return () => {
    loading.current ??= import("./field-checker").then(
      ({ createFieldChecker }) => createFieldChecker(checks),
      () => {
        loading.current = null;
        return null;
      },
    );
    return loading.current;
  };
}
