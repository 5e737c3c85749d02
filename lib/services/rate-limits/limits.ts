/** At most `points` in `seconds`, counted from the first one. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

const QUARTER_HOUR_SECONDS = 15 * 60;
const HOUR_SECONDS = 60 * 60;

/** Every limit by name: the name is part of the stored key, so renaming one forgets its counts. */
export const LIMITS = {
  /** Wrong passwords for one e-mail address from one network address. */
  sign_in_email: { points: 5, seconds: QUARTER_HOUR_SECONDS },
  /** Wrong passwords from one network address, whoever they are for. */
  sign_in_address: { points: 20, seconds: QUARTER_HOUR_SECONDS },
  /** Sign-up says when an e-mail address is taken: this bounds how many can be probed. */
  sign_up_address: { points: 10, seconds: HOUR_SECONDS },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
