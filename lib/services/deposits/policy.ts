/** How long a collection may stay unpaid before it is shown as expired. Money that comes later is still credited. */
export const DEPOSIT_LIFETIME_MS = 60 * 60 * 1000;
