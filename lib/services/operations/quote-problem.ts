import type { Money } from "@/lib/money/money";

/** An error code: why a quote can't be confirmed. */
export type QuoteProblem = "quote_expired" | "insufficient_funds";

/** Why a quote can't be confirmed at `now`, the first reason; null when it can. The verb that confirms it checks again. */
export function quoteProblem(
  { expiresAt, balanceAfter }: { expiresAt: Date; balanceAfter: Money },
  now: Date,
): QuoteProblem | null {
  if (expiresAt <= now) return "quote_expired";
  return balanceAfter.amountMinor < 0n ? "insufficient_funds" : null;
}
