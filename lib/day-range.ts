import type { FieldIssue } from "./errors";

/** A calendar day, `2026-11-30`: as `<input type="date">` sends it. Days compare as text. */
export type Day = string;

/** Days of somebody's calendar, both included, and the instants that they are. An end that wasn't given is null. */
export interface DayRange {
  from: Day | null;
  to: Day | null;
  /** When `from` begins: included. */
  since: Date | null;
  /** When the day after `to` begins: not included. */
  before: Date | null;
}

/** A range whose ends were both given, as {@link readClosedDayRange} returns it. */
export interface ClosedDayRange extends DayRange {
  from: Day;
  to: Day;
  since: Date;
  before: Date;
}

/** How many years a range may span. */
const RANGE_YEARS_MAX = 10;
/** No account is older: a bound for what is typed by mistake, such as the year 0026. */
const FIRST_YEAR = 2000;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone (IANA name). Throws RangeError for a zone that doesn't exist. */
export function dayOf(at: Date, zone: string): Day {
  const format =
    dayFormats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone });
  // Kept, since making one costs more than using it.
  dayFormats.set(zone, format);
  const parts = format.formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** Whether this is a day of the calendar, from the year 2000 to 9998. */
export function isDay(typed: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return false;
  const year = Number(typed.slice(0, 4));
  if (year < FIRST_YEAR || year > 9998) return false;
  // JavaScript takes 31 February for a day in March.
  const midnight = new Date(`${typed}T00:00:00.000Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().slice(0, 10) === typed;
}

/** The day so many days later, or earlier. */
export function addDays(day: Day, days: number): Day {
  return new Date(utcMidnight(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The instant a day begins in a zone: its first minute, also where clocks change at midnight and 00:00 doesn't exist. Zones'
 * offsets have been whole minutes in all years that {@link isDay} takes.
 */
export function startOfDay(day: Day, zone: string): Date {
  // No zone is further than 14 hours from UTC; between these ends the zone's day only rises.
  let earlier = utcMidnight(day) / MINUTE_MS - 15 * 60;
  let begun = utcMidnight(day) / MINUTE_MS + 15 * 60;
  while (begun - earlier > 1) {
    const middle = Math.floor((earlier + begun) / 2);
    if (dayOf(new Date(middle * MINUTE_MS), zone) < day) earlier = middle;
    else begun = middle;
  }
  return new Date(begun * MINUTE_MS);
}

/** The first and last day of a month, `2026-11`; null for what is no month. */
export function daysOfMonth(month: string): { from: Day; to: Day } | null {
  const from = `${month}-01`;
  if (!isDay(from)) return null;
  const inNextMonth = addDays(from, 31);
  return { from, to: addDays(`${inNextMonth.slice(0, 7)}-01`, -1) };
}

/** The last months up to that of `now` in the zone, newest first: `2026-11`, `2026-10`. */
export function lastMonths(now: Date, zone: string, count: number): string[] {
  const months: string[] = [];
  let month = dayOf(now, zone).slice(0, 7);
  while (months.length < count) {
    months.push(month);
    month = addDays(`${month}-01`, -1).slice(0, 7);
  }
  return months;
}

type Typed = { from?: string | undefined; to?: string | undefined };
type Refused = { issues: [FieldIssue, ...FieldIssue[]] };

/**
 * Reads the days of a filter in the reader's zone, both included; each may be left out. A last day after today counts as today, as
 * a whole month does before it ends. Refused, with the field and a key below `fields.` in the messages: what is no day
 * (`date_invalid`), a first day after today (`date_future`), a range that ends before it begins (`range_reversed`) or spans
 * more than ten years (`range_too_long`).
 */
export function readDayRange(typed: Typed, zone: string, now: Date): { range: DayRange } | Refused {
  const from = typed.from?.trim() || null;
  const to = typed.to?.trim() || null;
  const today = dayOf(now, zone);
  const refuse = (field: "from" | "to", reason: string): Refused => ({ issues: [{ field, reason }] });
  if (from !== null && !isDay(from)) return refuse("from", "date_invalid");
  if (to !== null && !isDay(to)) return refuse("to", "date_invalid");
  if (from !== null && to !== null && to < from) return refuse("to", "range_reversed");
  if (from !== null && from > today) return refuse("from", "date_future");
  const last = to !== null && to > today ? today : to;
  if (from !== null && (last ?? today) >= yearsLater(from, RANGE_YEARS_MAX)) {
    return refuse("from", "range_too_long");
  }
  return {
    range: {
      from,
      to: last,
      since: from === null ? null : startOfDay(from, zone),
      before: last === null ? null : startOfDay(addDays(last, 1), zone),
    },
  };
}

/** The same where both days are needed: refuses one that is left out too (`required`). */
export function readClosedDayRange(
  typed: Typed,
  zone: string,
  now: Date,
): { range: ClosedDayRange } | Refused {
  const read = readDayRange(typed, zone, now);
  if ("issues" in read) return read;
  const { from, to, since, before } = read.range;
  if (from === null || since === null) return { issues: [{ field: "from", reason: "required" }] };
  if (to === null || before === null) return { issues: [{ field: "to", reason: "required" }] };
  return { range: { from, to, since, before } };
}

/** The same day of a later year; of 29 February also where that day doesn't exist, since it is only compared with. */
function yearsLater(day: Day, years: number): string {
  return `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
}

function utcMidnight(day: Day): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}
