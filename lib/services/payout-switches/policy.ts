/** So many of the newest toggles are shown. */
export const HISTORY_MAX = 20;

/** The pause between two looks at the calls under way while payouts are being stopped. */
export const POLL_INTERVAL_MS = 50;
