import { stripInvisible } from "@/lib/text";
import { CURRENCIES, type Currency } from "./currency";
import { AMOUNT_MINOR_MAX } from "./money";

/** Why the input is not an amount; each is a key below `fields.` in the messages. */
export type AmountReason =
  | "empty"
  | "not_a_number"
  | "no_decimals"
  | "ambiguous"
  | "not_positive"
  | "too_large";

export type ParsedAmount = { amountMinor: bigint } | { reason: AmountReason };

/** Longer than any amount that people type; bounds the work below. */
const TYPED_LENGTH_MAX = 64;

/** Groups of three with one separator throughout, or no groups at all. */
const WHOLE = /^(?:\d+|\d{1,3}(?:([ .,])\d{3})(?:\1\d{3})*)$/;

/**
 * Reads an amount of major units as people write it in either language (`5000`, `5 000`, `5.000`, `5,000`; with
 * decimals where the currency has them: `5,000.50`, `5 000,50`), its unit allowed. Answers minor units, above zero
 * and at most {@link AMOUNT_MINOR_MAX}. Input with two possible meanings is refused as `ambiguous`.
 */
export function parseAmount(input: string, currency: Currency): ParsedAmount {
  // Ordinary, no-break, thin and narrow no-break spaces all separate groups.
  const typed = stripInvisible(input)
    .replace(/[\t\p{Zs}]+/gu, " ")
    .trim();
  if (typed === "") return { reason: "empty" };
  if (typed.length > TYPED_LENGTH_MAX)
    return { reason: /^[\d .,]+$/.test(typed) ? "too_large" : "not_a_number" };
  const bare = withoutUnit(typed, currency);
  if (/^[-\u2212] ?\d[\d .,]*$/.test(bare)) return { reason: "not_positive" };
  if (!/^\d(?:[\d .,]*\d)?$/.test(bare)) return { reason: "not_a_number" };
  const { decimals } = CURRENCIES[currency];
  return decimals === 0 ? parseWithoutDecimals(bare) : parseWithDecimals(bare, decimals);
}

/** The amount without one unit, before or after it. */
function withoutUnit(typed: string, currency: Currency): string {
  const lower = typed.toLowerCase();
  for (const unit of CURRENCIES[currency].typedUnits) {
    if (lower.endsWith(unit)) return typed.slice(0, -unit.length).trim();
    if (lower.startsWith(unit)) return typed.slice(unit.length).trim();
  }
  return typed;
}

function parseWithoutDecimals(bare: string): ParsedAmount {
  const whole = withoutZeroDecimals(bare);
  if (/^0[.,]\d+$/.test(whole) || hasDecimalTail(whole)) return { reason: "no_decimals" };
  if (!WHOLE.test(whole)) return { reason: "ambiguous" };
  return withinBounds(digitsOf(whole));
}

/** `5000.00` has no other meaning than `5000`, where one or two zeros follow the last dot or comma of its kind. */
function withoutZeroDecimals(bare: string): string {
  const match = /^(.+)([.,])0{1,2}$/.exec(bare);
  const whole = match?.[1] ?? "";
  return match && WHOLE.test(whole) && WHOLE.exec(whole)?.[1] !== match[2] ? whole : bare;
}

/** One or two digits after the last dot or comma, and a whole number before it: centimes. */
function hasDecimalTail(bare: string): boolean {
  const match = /^(.+)[.,]\d{1,2}$/.exec(bare);
  return match !== null && WHOLE.test(match[1] ?? "");
}

function parseWithDecimals(bare: string, decimals: number): ParsedAmount {
  // `1.500` is one thousand five hundred to some readers and one and a half to others.
  if (/^\d{1,3}\.\d{3}$/.test(bare)) return { reason: "ambiguous" };
  const match = new RegExp(`^(.+?)([.,])(\\d{1,${decimals}})$`).exec(bare);
  const whole = match?.[1] ?? bare;
  const groupedLikeDecimal = match !== null && WHOLE.exec(whole)?.[1] === match[2];
  if (!WHOLE.test(whole) || groupedLikeDecimal) return { reason: "ambiguous" };
  return withinBounds(digitsOf(whole) + (match?.[3] ?? "").padEnd(decimals, "0"));
}

function digitsOf(grouped: string): string {
  return grouped.replace(/\D/g, "");
}

function withinBounds(digits: string): ParsedAmount {
  const amountMinor = BigInt(digits);
  if (amountMinor === 0n) return { reason: "not_positive" };
  return amountMinor > AMOUNT_MINOR_MAX ? { reason: "too_large" } : { amountMinor };
}
