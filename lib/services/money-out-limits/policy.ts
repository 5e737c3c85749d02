/** How long money out is limited after a change that a thief would make first. */
export const MONEY_OUT_LIMIT_HOURS = 24;
