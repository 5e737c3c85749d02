import { daysOfMonth, readDayRange } from "@/lib/day-range";
import type { FieldIssue } from "@/lib/errors";
import { CURRENCY_CODES, type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import { OPERATION_STATUSES, OPERATION_TYPES } from "./kinds";
import type { FilterOperations } from "./schema";
import { amountsOf, withoutSign } from "./search";

export const FILTER_FIELDS = ["text", "from", "to", "type", "status", "currency", "amount"] as const;

export type FilterField = (typeof FILTER_FIELDS)[number];

/** The filters of the history as its form sends them: empty for what isn't filtered by. */
export type TypedFilter = Readonly<Record<FilterField, string>>;

/** Longer text is cut: nothing that can be found is longer. */
const TEXT_LENGTH_MAX = 140;

/**
 * The filters of the history's address. `month` (`2026-11`) stands for its first and last day, where neither is given; any
 * other month is taken for a first day, and refused as one.
 */
export function typedFilterOf(query: Readonly<Record<string, string | undefined>>): TypedFilter {
  const typed = Object.fromEntries(FILTER_FIELDS.map((field) => [field, query[field]?.trim() ?? ""]));
  const { month } = query;
  const days = month && !typed.from && !typed.to ? (daysOfMonth(month) ?? { from: month }) : {};
  return { ...(typed as TypedFilter), ...days };
}

/**
 * Reads typed filters, their days as those of `zone`. Answers what is wrong instead, field by field, with keys below `fields.` in
 * the messages: those of days and amounts, and `unknown_value` for a choice that there isn't.
 */
export function readFilter(
  typed: TypedFilter,
  zone: string,
  now: Date,
): { filter: FilterOperations } | { issues: FieldIssue[] } {
  const issues: FieldIssue[] = [];
  const chosen = <T extends string>(field: FilterField, choices: readonly T[]): T | undefined => {
    const value = typed[field];
    const found = choices.find((choice) => choice === value);
    if (value !== "" && found === undefined) issues.push({ field, reason: "unknown_value" });
    return found;
  };
  const days = readDayRange(typed, zone, now);
  if ("issues" in days) issues.push(...days.issues);
  const [type, status] = [chosen("type", OPERATION_TYPES), chosen("status", OPERATION_STATUSES)];
  const currency = chosen("currency", CURRENCY_CODES);
  const amounts = readAmounts(typed.amount, currency);
  if ("reason" in amounts) issues.push({ field: "amount", reason: amounts.reason });
  if (issues.length > 0 || "issues" in days || "reason" in amounts) return { issues };
  const { since, before } = days.range;
  return {
    filter: {
      type,
      status,
      currency,
      from: since ?? undefined,
      to: before ?? undefined,
      ...(typed.amount !== "" && { amounts: amounts.amounts }),
      ...(typed.text !== "" && { text: typed.text.slice(0, TEXT_LENGTH_MAX) }),
    },
  };
}

/** What an amount means in its currency, or in each that it can be one of. */
function readAmounts(
  typed: string,
  currency: Currency | undefined,
): { amounts: Money[] } | { reason: string } {
  const amounts = amountsOf(typed).filter((amount) => currency === undefined || amount.currency === currency);
  if (typed === "" || amounts.length > 0) return { amounts };
  const refused = parseAmount(withoutSign(typed), currency ?? DEFAULT_CURRENCY);
  return { reason: "reason" in refused ? refused.reason : "not_a_number" };
}
