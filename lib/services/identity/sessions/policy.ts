/**
 * A session ends 30 days after it was last used and 90 days after it was made, whichever comes first; the cookie
 * lives as long as the longest session. The database's clock decides.
 */
export const SESSION_IDLE_DAYS = 30;
export const SESSION_ABSOLUTE_DAYS = 90;

/** `last_seen_at` is exact to this much: a page view is not worth a write. */
export const SESSION_TOUCH_MINUTES = 5;

export const DEVICE_LENGTH_MAX = 80;
export const SESSIONS_LISTED_MAX = 50;
