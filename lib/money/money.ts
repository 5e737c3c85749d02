import type { Currency } from "./currency";

/** An amount of minor units (francs for XOF, kobo for NGN) with its currency. Never a float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

/** The largest amount that any row may hold, 10^15 minor units; the ledger's CHECK says the same. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000_000n;

export function money(amountMinor: bigint, currency: Currency): Money {
  return { amountMinor, currency };
}
