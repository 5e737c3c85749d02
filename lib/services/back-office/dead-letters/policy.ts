/** At most so many of one kind are listed. */
export const LETTERS_MAX = 200;

/** A withdrawal whose outcome is unknown for this long isn't going to be known by itself. */
export const UNKNOWN_FOR_MS = 60 * 60 * 1000;

/** One that was accepted this long ago and never told of again has lost its webhook. */
export const SUBMITTED_FOR_MS = 24 * 60 * 60 * 1000;
