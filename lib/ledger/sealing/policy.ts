/** How many ids a seal covers at most: some hundred milliseconds of hashing, and what has to be looked through when one breaks. */
export const RANGE_IDS = 10_000;

/** A sweep makes about so many seals at most, some seconds, so that others get their turn and a stop needn't wait. */
export const SEALS_A_SWEEP_MAX = 20;

/** Rows that are hashed by one statement while seals are verified, and seals whose lines are read at once. */
export const ROWS_A_STATEMENT = 100_000n;
export const SEALS_A_PAGE = 500;

/** At most so many broken seals are named. */
export const PROBLEMS_MAX = 20;
