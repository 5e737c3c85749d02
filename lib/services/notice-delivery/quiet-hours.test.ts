import { describe, expect, test } from "vitest";
import { endOfQuietHours } from "./quiet-hours";

const OUAGADOUGOU = "Africa/Abidjan";
const LAGOS = "Africa/Lagos";

describe("quiet hours", () => {
  test.each([
    ["2026-11-30T00:00:00Z", OUAGADOUGOU, "2026-11-30T08:00:00.000Z"],
    ["2026-11-30T07:59:59.999Z", OUAGADOUGOU, "2026-11-30T08:00:00.000Z"],
    ["2026-11-30T08:00:00Z", OUAGADOUGOU, null],
    ["2026-11-30T19:59:59.999Z", OUAGADOUGOU, null],
    ["2026-11-30T20:00:00Z", OUAGADOUGOU, "2026-12-01T08:00:00.000Z"],
    ["2026-12-31T23:30:00Z", OUAGADOUGOU, "2027-01-01T08:00:00.000Z"],
    // An hour earlier by the world's clock.
    ["2026-11-30T07:00:00Z", LAGOS, null],
    ["2026-11-30T06:59:59Z", LAGOS, "2026-11-30T07:00:00.000Z"],
    ["2026-11-30T19:00:00Z", LAGOS, "2026-12-01T07:00:00.000Z"],
    ["2026-11-30T23:30:00Z", LAGOS, "2026-12-01T07:00:00.000Z"],
  ])("at %s in %s they end at %s", (now, zone, end) => {
    expect(endOfQuietHours(new Date(now), zone)?.toISOString() ?? null).toBe(end);
  });
});
