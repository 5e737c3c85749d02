import type { Currency } from "@/lib/money/currency";
import { parseAmount } from "@/lib/money/parse-amount";
import { stripInvisible } from "@/lib/text";

/** Answers the sentence to show for a wrong value, or undefined. Not called for an empty field, which may be filled in later. */
export type FieldCheck = (typed: string) => string | undefined;

/** The checks of a form's fields; a field without one is only checked by the server. */
export type FieldChecks<Name extends string> = { readonly [name in Name]?: FieldCheck | undefined };

/** A sentence for each reason that `parseAmount` gives. */
export type AmountReasons = Readonly<Record<string, string>>;

/** Reads an amount as the server does; a method's limits are checked by the server only. */
export function amountCheck(currency: Currency, reasons: AmountReasons): FieldCheck {
  return (typed) => {
    const parsed = parseAmount(typed, currency);
    return "reason" in parsed ? reasons[parsed.reason] : undefined;
  };
}

/** Catches incomplete addresses; the server checks the rest. */
export function emailCheck(invalid: string): FieldCheck {
  return (typed) => (/^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$/.test(stripInvisible(typed)) ? undefined : invalid);
}

/** At least eight digits, and no letters; the server knows each country's numbers. */
export function phoneCheck(invalid: string): FieldCheck {
  return (typed) =>
    /[a-z]/i.test(typed.replace(/^\s*tel:/i, "")) || typed.replace(/\D/g, "").length < 8
      ? invalid
      : undefined;
}

/** An e-mail address or a phone number. */
export function identifierCheck(invalid: string): FieldCheck {
  const [email, phone] = [emailCheck(invalid), phoneCheck(invalid)];
  return (typed) => (typed.includes("@") ? email(typed) : phone(typed));
}

/** At least one character that isn't a space. */
export function filledCheck(empty: string): FieldCheck {
  return (typed) => (typed.trim() === "" ? empty : undefined);
}
