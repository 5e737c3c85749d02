import { LOCK_YEARS_MAX } from "./policy";

/** Why what was typed isn't a date to lock a vault until; each is a key below `fields.` in the messages. */
export type LockDateReason = "date_invalid" | "date_past" | "date_too_far";

/**
 * Reads the calendar day that a vault is locked until (`2027-01-31`, as `<input type="date">` sends it). The vault
 * opens when that day begins in Africa/Abidjan, which is UTC+0 all year: at 00:00 of it, whatever the reader's own
 * zone. Days that have begun already are refused, and those more than {@link LOCK_YEARS_MAX} years ahead.
 */
export function parseLockDate(typed: string, now: Date): { lockedUntil: Date } | { reason: LockDateReason } {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed.trim());
  if (!match) return { reason: "date_invalid" };
  const lockedUntil = new Date(`${match[0]}T00:00:00.000Z`);
  // JavaScript takes 31 February for a day in March.
  const isDay = !Number.isNaN(lockedUntil.getTime()) && toLockDate(lockedUntil) === match[0];
  if (!isDay) return { reason: "date_invalid" };
  if (lockedUntil <= now) return { reason: "date_past" };
  return lockedUntil > latestLockDate(now) ? { reason: "date_too_far" } : { lockedUntil };
}

/** The day that opens a vault, as `<input type="date">` writes it. */
export function toLockDate(lockedUntil: Date): string {
  return lockedUntil.toISOString().slice(0, 10);
}

/** The first day that a vault may be locked until: tomorrow. */
export function earliestLockDate(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

/** The last day that a vault may be locked until. */
export function latestLockDate(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear() + LOCK_YEARS_MAX, now.getUTCMonth(), now.getUTCDate()));
}
