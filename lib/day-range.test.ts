import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  dayOf,
  daysOfMonth,
  isDay,
  lastMonths,
  readClosedDayRange,
  readDayRange,
  startOfDay,
} from "./day-range";

const NOW = new Date("2026-11-30T23:30:00Z");
const ZONES = ["Africa/Abidjan", "Africa/Lagos", "Europe/Paris", "Africa/Cairo", "Pacific/Kiritimati"];

describe("when a day begins", () => {
  it.each([
    ["Africa/Abidjan", "2026-11-30", "2026-11-30T00:00:00.000Z"],
    ["Africa/Lagos", "2026-11-30", "2026-11-29T23:00:00.000Z"],
    // Paris goes forward on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00.
    ["Europe/Paris", "2026-03-29", "2026-03-28T23:00:00.000Z"],
    ["Europe/Paris", "2026-03-30", "2026-03-29T22:00:00.000Z"],
    ["Europe/Paris", "2026-10-25", "2026-10-24T22:00:00.000Z"],
    ["Europe/Paris", "2026-10-26", "2026-10-25T23:00:00.000Z"],
    // Cairo's clocks went from 00:00 to 01:00: the day began at 01:00.
    ["Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00.000Z"],
    // São Paulo's went from 00:00 back to 23:00 of the day before.
    ["America/Sao_Paulo", "2019-02-17", "2019-02-17T03:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00.000Z"],
  ])("in %s %s begins at %s", (zone, day, instant) => {
    expect(startOfDay(day, zone).toISOString()).toBe(instant);
  });

  it("is the first minute of it, in every zone and on every day", () => {
    const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays("2000-01-01", days));
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), day, (zone, each) => {
        const start = startOfDay(each, zone);
        expect(dayOf(start, zone)).toBe(each);
        expect(dayOf(new Date(start.getTime() - 1), zone)).toBe(addDays(each, -1));
      }),
    );
  });
});

describe("a range of days", () => {
  it("includes both days, whole", () => {
    expect(readDayRange({ from: "2026-11-02", to: "2026-11-03" }, "Africa/Lagos", NOW)).toEqual({
      range: {
        from: "2026-11-02",
        to: "2026-11-03",
        since: new Date("2026-11-01T23:00:00Z"),
        before: new Date("2026-11-03T23:00:00Z"),
      },
    });
  });

  it.each([
    ["2026-03-29", 23],
    ["2026-10-25", 25],
    ["2026-10-24", 24],
  ])("a single day in Paris, %s, has %i hours", (day, hours) => {
    const read = readClosedDayRange({ from: day, to: day }, "Europe/Paris", NOW);
    const range = "range" in read ? read.range : null;
    expect(((range?.before.getTime() ?? 0) - (range?.since.getTime() ?? 0)) / 3_600_000).toBe(hours);
  });

  it("may have one end or none", () => {
    const zone = "Africa/Abidjan";
    expect(readDayRange({}, zone, NOW)).toEqual({
      range: { from: null, to: null, since: null, before: null },
    });
    expect(readDayRange({ to: "2026-11-03" }, zone, NOW)).toMatchObject({
      range: { since: null, before: new Date("2026-11-04T00:00:00Z") },
    });
    expect(readDayRange({ from: " 2026-11-03 ", to: " " }, zone, NOW)).toMatchObject({
      range: { since: new Date("2026-11-03T00:00:00Z"), before: null },
    });
  });

  it("ends today in the reader's zone at the latest", () => {
    const typed = { from: "2026-11-01", to: "2026-12-31" };
    expect(readDayRange(typed, "Africa/Abidjan", NOW)).toMatchObject({ range: { to: "2026-11-30" } });
    // In Lagos the first of December has begun.
    expect(readDayRange(typed, "Africa/Lagos", NOW)).toMatchObject({ range: { to: "2026-12-01" } });
  });

  it.each([
    [{ from: "2026-11-03", to: "2026-11-02" }, "to", "range_reversed"],
    [{ from: "2027-01-02", to: "2027-01-01" }, "to", "range_reversed"],
    [{ from: "2026-12-01" }, "from", "date_future"],
    [{ from: "2026-12-01", to: "2026-12-31" }, "from", "date_future"],
    [{ from: "2016-11-30" }, "from", "range_too_long"],
    [{ from: "2016-11-30", to: "2027-12-31" }, "from", "range_too_long"],
    [{ from: "2000-01-01", to: "2010-01-01" }, "from", "range_too_long"],
    [{ from: "2026-02-29" }, "from", "date_invalid"],
    [{ from: "30/11/2026" }, "from", "date_invalid"],
    [{ from: "0026-11-30" }, "from", "date_invalid"],
    [{ from: "1999-12-31" }, "from", "date_invalid"],
    [{ to: "9999-12-31" }, "to", "date_invalid"],
    [{ to: "2026-11-30T00:00" }, "to", "date_invalid"],
    [{ to: "\u0000" }, "to", "date_invalid"],
  ])("%j is refused: %s %s", (typed, field, reason) => {
    expect(readDayRange(typed, "Africa/Abidjan", NOW)).toEqual({ issues: [{ field, reason }] });
  });

  it("may span ten years, both ends included", () => {
    expect(readDayRange({ from: "2016-12-01" }, "Africa/Abidjan", NOW)).toHaveProperty("range");
    expect(readDayRange({ from: "2008-02-29", to: "2018-02-28" }, "Africa/Abidjan", NOW)).toHaveProperty(
      "range",
    );
  });

  it("is refused without its first or last day where both are needed", () => {
    const read = (from: string, to: string) => readClosedDayRange({ from, to }, "Africa/Lagos", NOW);
    expect(read("", "2026-11-01")).toEqual({ issues: [{ field: "from", reason: "required" }] });
    expect(read("2026-11-01", "")).toEqual({ issues: [{ field: "to", reason: "required" }] });
  });
});

describe("months", () => {
  it.each([
    ["2026-11", { from: "2026-11-01", to: "2026-11-30" }],
    ["2026-12", { from: "2026-12-01", to: "2026-12-31" }],
    ["2024-02", { from: "2024-02-01", to: "2024-02-29" }],
    ["2026-13", null],
    ["1999-12", null],
    ["2026-1", null],
    ["", null],
  ])("%s has the days %j", (month, days) => {
    expect(daysOfMonth(month)).toEqual(days);
  });

  it("go back over the year, from the month of the reader's zone", () => {
    expect(lastMonths(new Date("2027-01-31T23:30:00Z"), "Africa/Lagos", 3)).toEqual([
      "2027-02",
      "2027-01",
      "2026-12",
    ]);
  });
});

it("days beyond the calendar are none", () => {
  expect(["2026-11-30", "2024-02-29"].every(isDay)).toBe(true);
  expect(["2023-02-29", "2026-00-10", "2026-11-31", "20261130", ""].some(isDay)).toBe(false);
});
