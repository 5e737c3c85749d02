import { invariant } from "@/lib/invariant";
import type { Currency } from "./currency";
import { type Money, money } from "./money";

/** What PostgreSQL's bigint holds, in which balances are kept: 64 bits with a sign. */
const MINOR_MAX = 2n ** 63n - 1n;
const MINOR_MIN = -(2n ** 63n);

/** The sum of two amounts. Throws InvariantError for two currencies, and outside of 64 bits. */
export function add(one: Money, other: Money): Money {
  requireSameCurrency(one, other);
  return within64Bits(one.amountMinor + other.amountMinor, one.currency);
}

/** What is left of `from` without `amount`; may be negative. Throws as {@link add}. */
export function subtract(from: Money, amount: Money): Money {
  requireSameCurrency(from, amount);
  return within64Bits(from.amountMinor - amount.amountMinor, from.currency);
}

/** Below zero when `one` is the smaller amount, above zero when it is the larger, else 0. Throws InvariantError for two currencies. */
export function compare(one: Money, other: Money): -1 | 0 | 1 {
  requireSameCurrency(one, other);
  if (one.amountMinor === other.amountMinor) return 0;
  return one.amountMinor < other.amountMinor ? -1 : 1;
}

/** The sum of any number of amounts of one currency; zero for none. Throws as {@link add}. */
export function sum(amounts: readonly Money[], currency: Currency): Money {
  return amounts.reduce(add, money(0n, currency));
}

function requireSameCurrency(one: Money, other: Money): void {
  invariant(one.currency === other.currency, `an amount in ${one.currency} and one in ${other.currency}`);
}

function within64Bits(amountMinor: bigint, currency: Currency): Money {
  invariant(amountMinor >= MINOR_MIN && amountMinor <= MINOR_MAX, "an amount fits into 64 bits");
  return money(amountMinor, currency);
}
