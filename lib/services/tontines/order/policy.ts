/** The randomness of a draw is published so long after its sheet was frozen, at the earliest. */
export const DRAW_AHEAD_MINUTES = 60;
/** Draws are at full minutes of this many. */
export const DRAW_STEP_MINUTES = 5;
/** At most so far ahead is the draw of a lotto. */
export const LOTTO_AHEAD_DAYS_MAX = 31;

/** After a try in vain the beacon is asked again after so long, twice as long each time. */
export const RETRY_FIRST_SECONDS = 20;
export const RETRY_LAST_SECONDS = 15 * 60;

/** Rounds of quicknet in a day: one that can't be read for so long is replaced by the one of the next day at the same time. */
export const ROUNDS_A_DAY = (24 * 60 * 60) / 3;
/** So many days after the sheet's round. */
export const LATER_ROUNDS_MAX = 14;
