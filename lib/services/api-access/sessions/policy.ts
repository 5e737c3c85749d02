/** For how long the immediately previous refresh token gets the same successor again: two tabs, or a lost answer. */
export const REFRESH_GRACE_SECONDS = 10;

/** A session is refreshed for so long after its sign-in at most, as a browser's is: then its person signs in again. */
export const SESSION_DAYS_MAX = 90;

/** How long a person may take at Google. */
export const OAUTH_REQUEST_MINUTES = 10;

/** Expired rows are swept in portions by those who make new ones. */
export const SWEPT_AT_ONCE_MAX = 100;

/** A refresh token that expired is still known for a while, so that its owner can log out with it. */
export const SWEPT_AFTER_DAYS = 7;
