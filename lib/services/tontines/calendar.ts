import { addDays, type Day, dayOf, isDay } from "@/lib/day-range";

/** How due days follow each other. */
export type Calendar = { time: string } & (
  | { kind: "weekly" | "two_weekly"; first: Day }
  /** On this day of each month, or its last one where the month is shorter; 31 is the last day of every month. */
  | { kind: "monthly"; first: Day; dayOfMonth: number }
  /** The group's own days, ascending: at least as many as turns. */
  | { kind: "dates"; dates: readonly Day[] }
);

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The first `count` due days of a calendar, ascending. Own days may be fewer. */
export function dueDays(calendar: Calendar, count: number): Day[] {
  if (calendar.kind === "dates") return calendar.dates.slice(0, count);
  return Array.from({ length: count }, (_, index) => {
    if (calendar.kind === "monthly") return inMonth(calendar.first, index, calendar.dayOfMonth);
    return addDays(calendar.first, index * (calendar.kind === "weekly" ? 7 : 14));
  });
}

/** The day `dayOfMonth` of the month that comes `months` after that of `first`, or that month's last day. */
function inMonth(first: Day, months: number, dayOfMonth: number): Day {
  const month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + months;
  const [year, inYear] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, inYear + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, inYear, Math.min(dayOfMonth, last))).toISOString().slice(0, 10);
}

/** Why a calendar isn't one, as a key below `fields.`; null for one that is. The first day is not before `today`. */
export function calendarProblem(calendar: Calendar, turns: number, today: Day): string | null {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(calendar.time)) return "time_invalid";
  const days = dueDays(calendar, turns);
  if (!days.every(isDay)) return "date_invalid";
  if (days.length < turns) return "dates_too_few";
  if ((days[0] ?? "") < today) return "date_past";
  return days.every((day, index) => index === 0 || day > (days[index - 1] ?? ""))
    ? null
    : "dates_not_ascending";
}

/**
 * The instant of a day and time (`18:00`) in a zone. A time that a change of clocks leaves out is the first minute after the gap; of one
 * that comes twice it is the first.
 */
export function instantOf(day: Day, time: string, zone: string): Date {
  const wall = Date.parse(`${day}T${time}:00.000Z`);
  // The first instant that a clock of the zone shows this time or a later one; no clock is further than 15 hours from UTC.
  const shows = (at: number) => wallClock(new Date(at), zone) >= wall;
  for (let at = wall - 15 * HOUR_MS; at <= wall + 15 * HOUR_MS; at += 15 * MINUTE_MS) {
    if (!shows(at)) continue;
    let minute = at;
    while (shows(minute - MINUTE_MS)) minute -= MINUTE_MS;
    return new Date(minute);
  }
  return new Date(wall);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock of the zone shows, as if it were UTC. */
function wallClock(at: Date, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    });
  formats.set(zone, format);
  return Date.parse(`${dayOf(at, zone)}T${format.format(at)}:00.000Z`);
}
