import { describe, expect, it } from "vitest";
import { PERIODS, pointsOf } from "./periods";

const NOW = new Date("2026-11-30T23:30:00Z");

describe("the points of a period", () => {
  it.each([
    ["30d", "Africa/Abidjan", 31, "2026-10-31", "2026-11-30"],
    // In Lagos it is the first of December already.
    ["30d", "Africa/Lagos", 31, "2026-11-01", "2026-12-01"],
    ["3m", "Africa/Abidjan", 92, "2026-08-31", "2026-11-30"],
    ["1y", "Africa/Abidjan", 53, "2025-12-01", "2026-11-30"],
  ] as const)("%s in %s are %i, from the end of %s to %s", (period, zone, count, first, last) => {
    const points = pointsOf(period, zone, NOW);
    expect([points.length, points[0]?.day, points.at(-1)]).toEqual([count, first, { day: last, at: null }]);
  });

  it("are the ends of days in the zone, also where clocks change", () => {
    const ends = (now: string) =>
      pointsOf("30d", "Europe/Paris", new Date(now))
        .slice(-4)
        .map(({ day, at }) => [day, at?.toISOString() ?? null]);
    expect(ends("2026-03-31T12:00:00Z")).toEqual([
      ["2026-03-28", "2026-03-28T23:00:00.000Z"],
      ["2026-03-29", "2026-03-29T22:00:00.000Z"],
      ["2026-03-30", "2026-03-30T22:00:00.000Z"],
      ["2026-03-31", null],
    ]);
    expect(ends("2026-10-27T12:00:00Z")).toEqual([
      ["2026-10-24", "2026-10-24T22:00:00.000Z"],
      ["2026-10-25", "2026-10-25T23:00:00.000Z"],
      ["2026-10-26", "2026-10-26T23:00:00.000Z"],
      ["2026-10-27", null],
    ]);
  });

  it.each(PERIODS)("of %s rise and end before now", (period) => {
    const instants = pointsOf(period, "Africa/Lagos", NOW).map(({ at }) => (at ?? NOW).getTime());
    expect(instants).toEqual(instants.toSorted((one, other) => one - other));
    expect(new Set(instants).size).toBe(instants.length);
  });
});
