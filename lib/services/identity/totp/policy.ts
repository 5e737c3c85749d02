/** RFC 6238's default, which every authenticator app has: six digits for 30 seconds. */
export const STEP_SECONDS = 30;

/** A clock may be one step ahead or behind. */
export const STEPS_TOLERATED = 1;

export const RECOVERY_CODES = 10;
