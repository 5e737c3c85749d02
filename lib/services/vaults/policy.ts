/** Vaults that a wallet may have open at once. */
export const OPEN_VAULTS_MAX = 20;

/** The same as the table's own check on names. */
export const VAULT_NAME_LENGTH_MAX = 60;

/** How far ahead a vault may be locked: a mistyped year must not lock money for decades. */
export const LOCK_YEARS_MAX = 10;
