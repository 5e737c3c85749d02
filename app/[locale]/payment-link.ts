import { CURRENCIES, CURRENCY_CODES, type Currency, DEFAULT_CURRENCY } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { parseAmount } from "@/lib/money/parse-amount";
import type { Query } from "@/lib/next/next-path";
import { findNoteProblem, NOTE_LENGTH_MAX, readNote } from "@/lib/services/transfers/check-transfer";

/** What a payment link proposes beside the wallet number; whoever opens it can change everything. */
export interface PaymentLink {
  currency: Currency;
  amount: Money | null;
  note: string | null;
}

export const LINK_FIELDS = ["amount", "currency", "note"] as const;

export type LinkField = (typeof LINK_FIELDS)[number];

export interface ReadLink extends PaymentLink {
  /** What the query holds and we leave out, each with the key below `fields.` that says why. */
  problems: Partial<Record<LinkField, string>>;
}

/** Longer than any amount or note that we put into a link. */
const TYPED_LENGTH_MAX = 600;

/** Reads `?amount=&currency=&note=`, as we write it and as people type it; what can't be used is named and left out. */
export function readPaymentLink(query: Query): ReadLink {
  const problems: ReadLink["problems"] = {};
  const typed = (field: LinkField): string => {
    const value = query[field] ?? "";
    if (typeof value === "string" && value.length <= TYPED_LENGTH_MAX) return value;
    problems[field] = "too_long";
    return "";
  };
  const code = typed("currency");
  const known = CURRENCY_CODES.find((each) => each === code);
  if (code !== "" && !known) problems.currency = "invalid";
  const currency = known ?? DEFAULT_CURRENCY;
  return {
    currency,
    amount: readAmount(typed("amount"), currency, problems),
    note: note(typed("note"), problems),
    problems,
  };
}

function readAmount(typed: string, currency: Currency, problems: ReadLink["problems"]): Money | null {
  // Of a currency that we don't have, an amount means nothing.
  if (typed.trim() === "" || problems.currency !== undefined) return null;
  const parsed = parseAmount(typed, currency);
  if ("reason" in parsed) problems.amount = parsed.reason;
  return "reason" in parsed ? null : money(parsed.amountMinor, currency);
}

function note(typed: string, problems: ReadLink["problems"]): string | null {
  const problem = findNoteProblem(typed);
  if (problem !== null) problems.note = problem;
  return problem === null ? readNote(typed) : null;
}

/** The values for placeholders in the sentences of {@link ReadLink.problems}. */
export const LINK_PROBLEM_VALUES = { max: NOTE_LENGTH_MAX };

/** `5000` or `5000.50`: what {@link parseAmount} reads in either language. */
export function plainAmount({ amountMinor, currency }: Money): string {
  const { decimals } = CURRENCIES[currency];
  const digits = amountMinor.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals);
  return /^0*$/.test(rest) ? whole : `${whole}.${rest}`;
}

/** The query of a payment link, with what it proposes only: empty for nothing. `more` comes first. */
export function paymentQuery(
  { currency, amount, note }: PaymentLink,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams(more);
  if (currency !== DEFAULT_CURRENCY) query.set("currency", currency);
  if (amount !== null) query.set("amount", plainAmount(amount));
  if (note !== null) query.set("note", note);
  return query.size === 0 ? "" : `?${query}`;
}

/** The address that pays a wallet, without language: `/p/1234567890128?amount=5000`. */
export function paymentPath(walletNumber: string, link: PaymentLink): string {
  return `/p/${walletNumber}${paymentQuery(link)}`;
}
