/** An attempt to hand over a payout that began this long ago has no worker any more: its outcome is unknown. */
export const SUBMISSION_STALE_MS = 30_000;

/** An open operation that nothing has happened to for this long is picked up by the sweeps. */
export const STALE_AFTER_MS = 60_000;

/** Totals of a filtered history cover at most so many operations, the newest ones, and are left out when they take longer. */
export const SUMMED_MAX = 100_000;
export const SUMMED_WITHIN_MS = 1_000;
