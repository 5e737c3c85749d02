/** How long a person has to answer their device. */
export const CHALLENGE_MS = 5 * 60_000;

/** Enough for every device of one person. */
export const PASSKEYS_MAX = 10;

export const NAME_LENGTH_MAX = 80;
