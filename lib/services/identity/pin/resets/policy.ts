/** How long a new PIN waits for a forgotten one, and nothing goes out meanwhile. */
export const PIN_RESET_HOURS = 24;

/** The same within {@link RECENT_RECOVERY_DAYS} after the password was forgotten too: then both codes may have reached one thief. */
export const PIN_RESET_HOURS_AFTER_RECOVERY = 72;
export const RECENT_RECOVERY_DAYS = 7;
