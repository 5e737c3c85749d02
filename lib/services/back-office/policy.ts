/** At most so many dead letters of one kind are listed. */
export const DEAD_LETTERS_MAX = 200;

/** A withdrawal whose outcome is unknown for this long is listed: its provider isn't going to tell. */
export const UNKNOWN_FOR_MS = 60 * 60 * 1000;

/** A withdrawal that is submitted for this long without another update is listed: its webhook was lost. */
export const SUBMITTED_FOR_MS = 24 * 60 * 60 * 1000;
