import { config } from "@/lib/config";
import { add } from "@/lib/money/arithmetic";
import type { Currency } from "@/lib/money/currency";
import { minorPerMajor } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { withdrawalFee } from "./policy";

export interface FeeDescription {
  /** Hundredths of a percent of the amount; 0 for none. */
  basisPoints: bigint;
  example: { amount: Money; fee: Money; total: Money };
}

const EXAMPLE_UNITS = 10_000n;

/** What a withdrawal costs, with an example of 10,000 whole units. */
export function describeFee(currency: Currency): FeeDescription {
  const amount = money(EXAMPLE_UNITS * minorPerMajor(currency), currency);
  const fee = withdrawalFee(amount);
  return {
    basisPoints: config().withdrawalFeeBasisPoints,
    example: { amount, fee, total: add(amount, fee) },
  };
}
