import { type FocusEvent, useState } from "react";
import { type FormFailure, issueOf } from "./form-state";

/** Says what is wrong with what was typed into a field, or nothing. It isn't asked about an empty one: that may wait. */
export type TypedCheck = (name: string, typed: string) => string | undefined;

/**
 * The attributes of a form's fields, checked when one is left: as `useCheckedFields` does, without react-hook-form's
 * 14 kB, for pages whose forms have one field to check. What the server said about a value stands until it changes.
 * Mount it anew for each failure.
 */
export function useBlurChecks(failure: FormFailure | null, check: TypedCheck) {
  const [said, setSaid] = useState<Record<string, string | undefined>>({});
  return (name: string, value = "") => {
    const standing = issueOf(failure, name);
    return {
      name,
      defaultValue: failure ? (failure.values[name] ?? "") : value,
      error: name in said ? said[name] : standing,
      onBlur: ({ target, relatedTarget }: FocusEvent<HTMLInputElement>) => {
        // A message that comes or goes would move the button away from under the finger.
        if (relatedTarget instanceof HTMLButtonElement) return;
        const typed = target.value;
        const problem = typed === "" ? undefined : check(name, typed);
        const isAsBefore = standing !== undefined && typed === (failure?.values[name] ?? "");
        setSaid((before) => ({ ...before, [name]: isAsBefore ? standing : problem }));
      },
    };
  };
}
