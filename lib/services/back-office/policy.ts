/** At most so many dead letters of one kind are listed. */
export const DEAD_LETTERS_MAX = 200;

/** A withdrawal whose outcome is unknown for this long is a dead letter. */
export const UNKNOWN_FOR_MS = 60 * 60 * 1000;

/** A withdrawal that stays submitted for this long is a dead letter: its webhook was lost. */
export const SUBMITTED_FOR_MS = 24 * 60 * 60 * 1000;
