import { describe, expect, test } from "vitest";
import { dayKey, formatDate, formatDateTime, formatDay, formatTime } from "./format-date";

const now = new Date("2026-11-22T00:30:00Z");

describe("dates are those of Abidjan, whatever the machine's zone", () => {
  test.each([
    ["2026-11-22T00:00:00Z", "Aujourd’hui", "Today"],
    ["2026-11-21T23:59:59Z", "Hier", "Yesterday"],
    ["2026-11-20T12:00:00Z", "Vendredi 20 novembre", "Friday 20 November"],
    ["2026-11-01T12:00:00Z", "Dimanche 1er novembre", "Sunday 1 November"],
    ["2025-12-31T12:00:00Z", "31 décembre 2025", "31 December 2025"],
  ])("%s is headed %s and %s", (at, french, english) => {
    expect(formatDay(new Date(at), now, "fr")).toBe(french);
    expect(formatDay(new Date(at), now, "en")).toBe(english);
  });

  test("days, hours and both together", () => {
    const at = new Date("2026-05-01T09:05:00Z");
    expect(formatDate(at, "fr")).toBe("1er mai 2026");
    expect(formatTime(at, "en")).toBe("09:05");
    expect(formatDateTime(at, "fr")).toBe("1er mai 2026 à 09:05");
    expect(formatDateTime(new Date("2026-05-01T00:00:00Z"), "en")).toBe("1 May 2026 at 00:00");
    expect(dayKey(at)).toBe("2026-05-01");
  });
});
