import { DomainError, type FieldIssue } from "@/lib/errors";
import type { Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { type PhoneCountry, parsePhone } from "@/lib/phone";
import { findMethod, isMethodName, listMethods, type MethodOffer } from "@/lib/providers/methods";
import type { Direction } from "@/lib/providers/provider";

/** What somebody asked for, as they typed it. */
export interface TypedOrder {
  amount: string;
  phone: string;
  method: string;
  currency: Currency;
}

export interface CheckedOrder {
  amount: Money;
  /** E.164. */
  phone: string;
  offer: MethodOffer;
}

/** What an Ivorian number looks like since 2021. */
const OLD_FORMAT_EXAMPLE = "+225 07 12 34 56 78";

const PHONE_REASONS = {
  invalid: "phone_invalid",
  unsupported_country: "phone_country",
  old_format: "phone_old_format",
} as const;

/**
 * Checks amount, phone and method of money coming in or going out, all of them before it answers.
 * Throws `validation_failed` with one issue a field.
 */
export function checkOrder(
  typed: TypedOrder,
  direction: Direction,
  defaultCountry: PhoneCountry,
): CheckedOrder {
  const amount = parseAmount(typed.amount, typed.currency);
  const phone = parsePhone(typed.phone, defaultCountry);
  const issues: FieldIssue[] = [];
  if ("reason" in amount) issues.push({ field: "amount", reason: amount.reason });
  if ("reason" in phone) {
    const values = { example: OLD_FORMAT_EXAMPLE };
    issues.push({ field: "phone", reason: PHONE_REASONS[phone.reason], values });
  }
  const country = "country" in phone ? phone.country : defaultCountry;
  const filter = { direction, country, currency: typed.currency };
  const offer = findMethod({ ...filter, method: typed.method });
  if (!offer) issues.push({ field: "method", reason: methodReason(typed, filter) });
  if (offer && "amountMinor" in amount) issues.push(...limitIssues(amount.amountMinor, offer));
  if (issues.length > 0 || "reason" in amount || "reason" in phone || !offer) {
    throw new DomainError("validation_failed", { issues });
  }
  return { amount: money(amount.amountMinor, typed.currency), phone: phone.e164, offer };
}

function methodReason(
  typed: TypedOrder,
  filter: { direction: Direction; country: PhoneCountry; currency: Currency },
): string {
  if (typed.method === "") return "method_required";
  if (!isMethodName(typed.method)) return "method_unavailable";
  const named = ({ method }: MethodOffer) => method === typed.method;
  const elsewhere = listMethods({ direction: filter.direction, currency: filter.currency }).some(named);
  if (elsewhere) return "method_country";
  const takesOnlyIn = filter.direction === "out" && listMethods({ direction: "in" }).some(named);
  return takesOnlyIn ? "method_no_payout" : "method_unavailable";
}

function limitIssues(amountMinor: bigint, offer: MethodOffer): FieldIssue[] {
  const { minMinor, maxMinor, stepMinor, currency } = offer;
  const issue = (reason: string, name: string, limit: bigint): FieldIssue[] => [
    { field: "amount", reason, values: { [name]: { amountMinor: limit, currency } } },
  ];
  if (amountMinor < minMinor) return issue("amount_below_min", "min", minMinor);
  if (amountMinor > maxMinor) return issue("amount_above_max", "max", maxMinor);
  if (amountMinor % stepMinor !== 0n) return issue("amount_step", "step", stepMinor);
  return [];
}
