/** Present while the person hides the balance. */
export const BALANCE_COOKIE = "balance";
