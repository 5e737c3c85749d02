import { describe, expect, test } from "vitest";
import { earliestLockDate, latestLockDate, parseLockDate, toLockDate } from "./lock-date";

const NOW = new Date("2026-11-20T14:02:00Z");

describe("the day that a vault is locked until", () => {
  test("begins at 00:00 UTC, which is Abidjan's midnight", () => {
    expect(parseLockDate("2027-01-31", NOW)).toEqual({ lockedUntil: new Date("2027-01-31T00:00:00Z") });
    expect(parseLockDate(" 2028-02-29 ", NOW)).toEqual({ lockedUntil: new Date("2028-02-29T00:00:00Z") });
  });

  test.each([
    "",
    "31/01/2027",
    "2027-02-29",
    "2027-13-01",
    "2027-00-10",
    "2027-01-32",
    "27-01-31",
    "2027-1-3",
  ])("%j is invalid", (typed) => expect(parseLockDate(typed, NOW)).toEqual({ reason: "date_invalid" }));

  test("is after today: a day that has begun locks nothing", () => {
    expect(parseLockDate("2026-11-19", NOW)).toEqual({ reason: "date_past" });
    expect(parseLockDate("2026-11-20", NOW)).toEqual({ reason: "date_past" });
    expect(parseLockDate("2026-11-21", NOW)).toEqual({ lockedUntil: earliestLockDate(NOW) });
    expect(parseLockDate("2026-11-20", new Date("2026-11-20T00:00:00Z"))).toEqual({ reason: "date_past" });
  });

  test("is at most ten years ahead", () => {
    expect(parseLockDate("2036-11-20", NOW)).toEqual({ lockedUntil: latestLockDate(NOW) });
    expect(parseLockDate("2036-11-21", NOW)).toEqual({ reason: "date_too_far" });
    expect(parseLockDate("9999-12-31", NOW)).toEqual({ reason: "date_too_far" });
  });

  test("is written back as the form sends it", () => {
    expect(toLockDate(new Date("2027-01-31T00:00:00Z"))).toBe("2027-01-31");
    expect(toLockDate(earliestLockDate(new Date("2026-12-31T23:59:59Z")))).toBe("2027-01-01");
  });
});
