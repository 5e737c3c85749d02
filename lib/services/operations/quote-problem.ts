import { compare } from "@/lib/money/arithmetic";
import type { Money } from "@/lib/money/money";
import type { MoneyOutLimit } from "../money-out-limits/find-money-out-limit";

/** An error code: why a quote can't be confirmed. */
export type QuoteProblem = "quote_expired" | "insufficient_funds" | "money_out_limited";

interface QuoteState {
  expiresAt: Date;
  amount: Money;
  balanceAfter: Money;
  /** What limits the person's money out now. */
  limit: MoneyOutLimit | null;
}

/** Why a quote can't be confirmed at `now`, the first reason; null when it can. The verb that confirms it checks again. */
export function quoteProblem(
  { expiresAt, amount, balanceAfter, limit }: QuoteState,
  now: Date,
): QuoteProblem | null {
  if (expiresAt <= now) return "quote_expired";
  if (balanceAfter.amountMinor < 0n) return "insufficient_funds";
  return limit !== null && compare(amount, limit.left) > 0 ? "money_out_limited" : null;
}
