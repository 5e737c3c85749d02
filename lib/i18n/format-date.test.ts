import { describe, expect, test } from "vitest";
import { dayOf } from "@/lib/day-range";
import {
  formatDate,
  formatDateTime,
  formatDateTimeInZone,
  formatDay,
  formatMonth,
  formatShortDay,
  formatTime,
} from "./format-date";

const now = new Date("2026-11-22T00:30:00Z");
const ABIDJAN = "Africa/Abidjan";
const LAGOS = "Africa/Lagos";

describe("dates are those of the reader's zone, whatever the machine's", () => {
  test.each([
    ["2026-11-22T00:00:00Z", "Aujourd’hui", "Today"],
    ["2026-11-21T23:59:59Z", "Hier", "Yesterday"],
    ["2026-11-20T12:00:00Z", "Vendredi 20 novembre", "Friday 20 November"],
    ["2026-11-01T12:00:00Z", "Dimanche 1er novembre", "Sunday 1 November"],
    ["2025-12-31T12:00:00Z", "31 décembre 2025", "31 December 2025"],
  ])("%s is headed %s and %s", (at, french, english) => {
    expect(formatDay(new Date(at), now, "fr", ABIDJAN)).toBe(french);
    expect(formatDay(new Date(at), now, "en", ABIDJAN)).toBe(english);
  });

  test("days, hours and both together", () => {
    const at = new Date("2026-05-01T09:05:00Z");
    expect(formatDate(at, "fr", ABIDJAN)).toBe("1er mai 2026");
    expect(formatTime(at, "en", ABIDJAN)).toBe("09:05");
    expect(formatDateTime(at, "fr", ABIDJAN)).toBe("1er mai 2026 à 09:05");
    expect(formatDateTime(new Date("2026-05-01T00:00:00Z"), "en", ABIDJAN)).toBe("1 May 2026 at 00:00");
    expect(dayOf(at, ABIDJAN)).toBe("2026-05-01");
  });

  test("Nigeria, Niger and Benin are an hour ahead, midnight included", () => {
    const at = new Date("2026-11-21T23:15:00Z");
    expect(formatTime(at, "fr", LAGOS)).toBe("00:15");
    expect(dayOf(at, LAGOS)).toBe("2026-11-22");
    expect(formatDay(at, now, "fr", LAGOS)).toBe("Aujourd’hui");
    expect(formatDay(at, now, "fr", ABIDJAN)).toBe("Hier");
  });

  test("what is kept names its zone", () => {
    const at = new Date("2026-11-21T17:15:00Z");
    expect(formatDateTimeInZone(at, "fr", LAGOS)).toBe("21 novembre 2026 à 18:15\u00a0GMT+1");
    expect(formatDateTimeInZone(at, "en", ABIDJAN)).toBe("21 November 2026 at 17:15\u00a0GMT");
  });
});

test("months and days are short where little room is, the same in every zone", () => {
  expect(["fr", "en"].map((locale) => formatMonth("2026-11", locale as "fr" | "en"))).toEqual([
    "nov. 2026",
    "Nov 2026",
  ]);
  expect(formatMonth("2026-01", "fr")).toBe("janv. 2026");
  expect(formatShortDay("2026-11-01", "fr")).toBe("1er nov.");
  expect(formatShortDay("2026-11-30", "en")).toBe("30 Nov");
});
