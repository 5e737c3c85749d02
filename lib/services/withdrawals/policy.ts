import { config } from "@/lib/config";
import { type Money, money } from "@/lib/money/money";

/** How long a review page may be confirmed. */
export const QUOTE_LIFETIME_MS = 15 * 60 * 1000;

/** The review page warns of the same sum to the same number within this time. */
export const REPEAT_WINDOW_MS = 10 * 60 * 1000;

/** For this long after an attempt with an unknown outcome, a payout that the provider doesn't show may still appear. */
export const LATE_ACCEPTANCE_MS = 10 * 60 * 1000;

/** The longest pause between two attempts to submit a withdrawal, or to query it. */
export const SUBMISSION_PAUSE_MAX_MS = 15 * 60 * 1000;

/** Three days of attempts at that pause; then it is a dead letter. */
export const SUBMISSION_ATTEMPTS_MAX = 300;

/** A withdrawal that isn't at its destination after this long is told to its owner as late. */
export const LATE_AFTER_MS = 60 * 60 * 1000;

const BASIS_POINTS = 10_000n;

/** What a withdrawal costs on top of its amount: a share in basis points, rounded up to a whole minor unit. */
export function withdrawalFee(amount: Money): Money {
  const basisPoints = config().withdrawalFeeBasisPoints;
  const fee = (amount.amountMinor * basisPoints + BASIS_POINTS - 1n) / BASIS_POINTS;
  return money(fee, amount.currency);
}
