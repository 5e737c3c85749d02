/** How long a request for money can be paid. */
export const REQUEST_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** Requests that a wallet may have open at once. */
export const OPEN_REQUESTS_MAX = 20;

/** How many of the newest requests are listed, asked and received each. */
export const LISTED_REQUESTS_MAX = 50;
