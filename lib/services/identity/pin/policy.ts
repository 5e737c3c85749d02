/** Wrong tries in a row that lock a PIN. */
export const PIN_TRIES_MAX = 5;

/** The first lock; each further one without a right PIN in between lasts four times as long, a day at most. */
export const PIN_LOCK_MINUTES = 15;
export const PIN_LOCK_MINUTES_MAX = 24 * 60;

/** How long a sign-in with Google is enough to replace the PIN of a person without a password. */
export const RECENT_SIGN_IN_MS = 10 * 60 * 1000;

/** Ascending and descending digits, and the keypad's middle column. */
const RUNS = ["01234567890123456", "65432109876543210", "2580", "0852"];

/** True for PINs that are guessed first: `0000`, `1212`, `123123`, `1234`, `6543`, `2580`. */
export function isCommonPin(pin: string): boolean {
  return /^(\d{1,3})\1+$/.test(pin) || RUNS.some((run) => run.includes(pin));
}
