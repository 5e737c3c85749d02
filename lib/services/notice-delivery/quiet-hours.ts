import { QUIET_FROM_HOUR, QUIET_UNTIL_HOUR } from "./policy";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** When the quiet hours of a zone end that `now` is in; null outside them. The region's zones have no daylight saving time. */
export function endOfQuietHours(now: Date, timeZone: string): Date | null {
  const midnight = startOfDay(now, timeZone);
  const sinceMidnight = now.getTime() - midnight;
  if (sinceMidnight < QUIET_UNTIL_HOUR * HOUR_MS) return new Date(midnight + QUIET_UNTIL_HOUR * HOUR_MS);
  if (sinceMidnight < QUIET_FROM_HOUR * HOUR_MS) return null;
  return new Date(midnight + DAY_MS + QUIET_UNTIL_HOUR * HOUR_MS);
}

/** The instant at which the zone's day began that `now` is in. */
function startOfDay(now: Date, timeZone: string): number {
  const clock = { hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const;
  const parts = new Intl.DateTimeFormat("en", { timeZone, ...clock }).formatToParts(now);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const seconds = (value("hour") * 60 + value("minute")) * 60 + value("second");
  return now.getTime() - now.getMilliseconds() - seconds * 1000;
}
