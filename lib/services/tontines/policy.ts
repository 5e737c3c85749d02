/** Shares of a cycle: the database's CHECK says the same. */
export const SHARES_MAX = 300;

/** A turn is called so many days before its due day. */
export const CALLED_BEFORE_DAYS = 3;
/** Who is called late has so long to pay. */
export const NOTICE_HOURS_MIN = 24;

/** Hours of the due day, in the group's zone, from which a standing contribution is taken; and days after it. */
export const STANDING_HOURS = [6, 12, 18] as const;
export const STANDING_DAYS = 3;
/** So many dues in a row that couldn't be paid suspend a standing contribution. */
export const STANDING_FAILURES_MAX = 3;

/** A turn counts as received when its receiver says nothing for so long. */
export const CONFIRMED_AFTER_HOURS = 72;

/** A pot that nobody approved goes back to its payers so long after its closing time. */
export const RETURNED_AFTER_DAYS = 90;

/** A swap or handover that isn't signed by all until then lapses. */
export const OFFER_HOURS = 72;

/** So many turns that a member left unpaid at their closing make a default. */
export const DEFAULT_AFTER_TURNS = 2;

/** A fine is contested within so many days. */
export const FINE_CONTESTED_DAYS = 7;

/** A dispute is answered and settled within so many days; later all officers are told. */
export const DISPUTE_ANSWERED_DAYS = 2;
export const DISPUTE_SETTLED_DAYS = 15;
