import { type FocusEvent, useState } from "react";
import { useForm } from "react-hook-form";
import { type FormFailure, issueOf } from "./form-state";

/** Says what is wrong with what was typed, or nothing. It isn't asked about an empty field: that one may wait. */
export type FieldCheck = (typed: string) => string | undefined;

interface CheckedFields<Name extends string> {
  failure: FormFailure | null;
  checks: { [name in Name]?: FieldCheck };
  /** What stands in the fields before the first try. */
  defaults?: { [name in Name]?: string };
}

/**
 * The attributes of a form's fields, with react-hook-form's check when one is left. It never stops a form from being
 * sent. What the server said about a value stands until the value changes. Mount it anew for each failure.
 */
export function useCheckedFields<Name extends string>({ failure, checks, defaults }: CheckedFields<Name>) {
  // Kept: react-hook-form takes another object for news.
  const [errors] = useState(() => errorsOf(failure));
  const form = useForm<Record<string, string>>({ mode: "onBlur", shouldFocusError: false, errors });
  const { errors: shown } = form.formState;
  return (name: Name) => {
    const defaultValue = failure?.values[name] ?? (failure ? "" : (defaults?.[name] ?? ""));
    const check = (typed: string) => {
      const standing = typed === (failure?.values[name] ?? "") ? issueOf(failure, name) : undefined;
      return standing ?? ((typed && checks[name]?.(typed)) || true);
    };
    const { onBlur, ...field } = form.register(name, { validate: check });
    return {
      ...field,
      defaultValue,
      error: shown[name]?.message,
      onBlur: (event: FocusEvent<HTMLInputElement>) => {
        // A message that comes or goes would move the button away from under the finger.
        if (!(event.relatedTarget instanceof HTMLButtonElement)) void onBlur(event);
      },
    };
  };
}

function errorsOf(failure: FormFailure | null) {
  const issues = failure?.issues ?? [];
  return Object.fromEntries(issues.map(({ field, message }) => [field, { type: "server", message }]));
}

/** Half an e-mail address is what people mistype; what an address is, the server knows. */
export function looksLikeEmail(typed: string): boolean {
  return /^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$/.test(typed);
}

/** Digits with the usual separators, as many as a number of ours may have. */
export function looksLikePhone(typed: string): boolean {
  return /^\+?[0-9]{8,15}$/.test(typed.replace(/[\s.()-]/g, ""));
}
