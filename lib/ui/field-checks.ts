import type { Currency } from "@/lib/money/currency";
import { parseAmount } from "@/lib/money/parse-amount";

/** Says what is wrong with what was typed, or nothing. It isn't asked about an empty field: that one may wait. */
export type FieldCheck = (typed: string) => string | undefined;

/** The checks of a form's fields; a field without one is only checked by the server. */
export type FieldChecks<Name extends string> = { readonly [name in Name]?: FieldCheck | undefined };

/** What an amount can be refused for before it is sent: a sentence for each reason of `parseAmount`. */
export type AmountReasons = Readonly<Record<string, string>>;

/** As the server reads amounts; only the limits of a method are left to it. */
export function amountCheck(currency: Currency, reasons: AmountReasons): FieldCheck {
  return (typed) => {
    const parsed = parseAmount(typed, currency);
    return "reason" in parsed ? reasons[parsed.reason] : undefined;
  };
}

/** Half an e-mail address is what people mistype; what an address is, the server knows. */
export function emailCheck(invalid: string): FieldCheck {
  return (typed) => (/^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$/.test(typed) ? undefined : invalid);
}

/** Digits with the usual separators, as many as a number of ours may have. */
export function phoneCheck(invalid: string): FieldCheck {
  return (typed) => (/^\+?[0-9]{8,15}$/.test(typed.replace(/[\s.()-]/g, "")) ? undefined : invalid);
}

/** More than spaces. */
export function filledCheck(empty: string): FieldCheck {
  return (typed) => (typed.trim() === "" ? empty : undefined);
}
