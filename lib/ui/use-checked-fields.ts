import { type FocusEvent, useRef, useState } from "react";
import type { FieldChecker } from "./field-checker";
import type { FieldChecks } from "./field-checks";
import { type FormState, issueOf } from "./form-state";

interface CheckedFields<Name extends string> {
  failure: FormState;
  checks: FieldChecks<Name>;
  /** The values before the first submission. */
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
 * The attributes of a form's fields, each checked by react-hook-form when it loses the focus. Checks never stop a form
 * from being submitted. The server's error stays until the value changes. Mount the hook anew for each failure.
 *
 * react-hook-form is 13 kB compressed: it is loaded when a field first gets the focus, not with the page.
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
        // A message that appears or disappears now would move the button while it is being pressed.
        if (relatedTarget instanceof HTMLButtonElement) return;
        const typed = input.value;
        const isAsSent = fromServer !== undefined && typed === sent;
        const problem = isAsSent ? fromServer : await (await checker())?.(name, typed);
        // The value may have changed while the checker was loading.
        if (input.value === typed) setChecked((before) => ({ ...before, [name]: problem }));
      },
    };
  };
}

/** Loads the checker at the first call. Answers null without a network: then only the server checks. */
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
