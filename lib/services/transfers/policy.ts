/** How long a review page may be confirmed. */
export const QUOTE_LIFETIME_MS = 15 * 60 * 1000;

/** The same sum to the same person within this time is pointed out on the review page. */
export const REPEAT_WINDOW_MS = 10 * 60 * 1000;

/** How many of the last recipients are offered. */
export const RECENT_RECIPIENTS = 5;
