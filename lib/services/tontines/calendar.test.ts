import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayOf, isDay } from "@/lib/day-range";
import { type Calendar, calendarProblem, dueDays, instantOf } from "./calendar";

const ZONES = [
  "Africa/Abidjan",
  "Africa/Lagos",
  "Europe/Paris",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Apia",
];
const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays("2001-01-01", days));
const zone = fc.constantFrom(...ZONES);
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));

/** What a clock of the zone shows. */
function clock(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone, hourCycle: "h23" });
  return `${dayOf(at, timeZone)} ${format.format(at)}`;
}

describe("due days", () => {
  it("ascend, are days of the calendar, and as many as turns", () => {
    const kinds = fc.constantFrom("weekly", "two_weekly", "monthly" as const);
    fc.assert(
      fc.property(
        kinds,
        day,
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 1, max: 40 }),
        (kind, first, dayOfMonth, count) => {
          const calendar = { kind, first, dayOfMonth, time: "18:00" } as Calendar;
          const days = dueDays(calendar, count);
          expect(days).toHaveLength(count);
          expect(days.every(isDay)).toBe(true);
          expect([...days].sort()).toEqual(days);
          expect(new Set(days).size).toBe(count);
        },
      ),
    );
  });

  it("are a week, two weeks or a month apart", () => {
    const of = (kind: "weekly" | "two_weekly" | "monthly") =>
      dueDays({ kind, first: "2027-12-15", dayOfMonth: 15, time: "18:00" }, 3);
    expect(of("weekly")).toEqual(["2027-12-15", "2027-12-22", "2027-12-29"]);
    expect(of("two_weekly")).toEqual(["2027-12-15", "2027-12-29", "2028-01-12"]);
    expect(of("monthly")).toEqual(["2027-12-15", "2028-01-15", "2028-02-15"]);
  });

  it("of the 31st are the last day of shorter months, in leap years too", () => {
    const calendar: Calendar = { kind: "monthly", first: "2028-01-31", dayOfMonth: 31, time: "18:00" };
    expect(dueDays(calendar, 4)).toEqual(["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]);
    expect(dueDays({ ...calendar, first: "2027-01-31" }, 2)).toEqual(["2027-01-31", "2027-02-28"]);
    expect(dueDays({ ...calendar, first: "2027-12-31" }, 2)).toEqual(["2027-12-31", "2028-01-31"]);
  });

  it("that a group chose ascend, or are refused", () => {
    const of = (...dates: string[]): Calendar => ({ kind: "dates", time: "18:00", dates });
    expect(calendarProblem(of("2027-01-01", "2027-01-05"), 2, "2026-12-01")).toBeNull();
    expect(calendarProblem(of("2027-01-05", "2027-01-01"), 2, "2026-12-01")).toBe("dates_not_ascending");
    expect(calendarProblem(of("2027-01-01", "2027-01-01"), 2, "2026-12-01")).toBe("dates_not_ascending");
    expect(calendarProblem(of("2027-01-01"), 2, "2026-12-01")).toBe("dates_too_few");
    expect(calendarProblem(of("2027-02-30", "2027-03-01"), 2, "2026-12-01")).toBe("date_invalid");
    expect(calendarProblem(of("2026-11-30", "2027-03-01"), 2, "2026-12-01")).toBe("date_past");
    expect(calendarProblem(of("2026-12-01", "2027-03-01"), 2, "2026-12-01")).toBeNull();
    expect(dueDays(of("2027-01-01", "2027-01-05", "2027-02-01"), 2)).toEqual(["2027-01-01", "2027-01-05"]);
    for (const time of ["25:00", "24:00", "118:00", "18:000", "18:60", "8:00"]) {
      const calendar: Calendar = { kind: "weekly", first: "2027-01-01", time };
      expect(calendarProblem(calendar, 2, "2026-12-01"), time).toBe("time_invalid");
    }
  });
});

describe("the instant of a day and time", () => {
  it("is what a clock of the zone shows, unless a change of clocks leaves it out", () => {
    fc.assert(
      fc.property(day, time, zone, (on, hour, where) => {
        const at = instantOf(on, hour, where);
        const shown = clock(at, where);
        expect(shown >= `${on} ${hour}`).toBe(true);
        // No earlier instant shows this time or a later one of the day.
        expect(clock(new Date(at.getTime() - 60_000), where) < `${on} ${hour}`).toBe(true);
      }),
    );
  });

  it("in a gap is the first minute after it; of a time that comes twice the first", () => {
    expect(instantOf("2027-03-28", "02:30", "Europe/Paris").toISOString()).toBe("2027-03-28T01:00:00.000Z");
    expect(instantOf("2027-03-28", "02:37", "Europe/Paris").toISOString()).toBe("2027-03-28T01:00:00.000Z");
    expect(instantOf("2027-10-31", "02:30", "Europe/Paris").toISOString()).toBe("2027-10-31T00:30:00.000Z");
  });

  it("at 18 h stays at 18 h over a change of clocks", () => {
    const [before, after] = ["2027-03-27", "2027-03-28"].map((on) => instantOf(on, "18:00", "Europe/Paris"));
    expect((after?.getTime() ?? 0) - (before?.getTime() ?? 0)).toBe(23 * 60 * 60 * 1000);
  });
});
