/** A switch's history is shown this far back. */
export const HISTORY_MAX = 20;

/** How often whoever stops payouts looks whether the calls under way have ended. */
export const LOOK_EVERY_MS = 50;
