import { describe, expect, it } from "vitest";
import { readInstant, readPaidAt } from "./read-instant";

describe("an instant that a provider writes", () => {
  it.each([
    ["2026-11-20T09:31:16.000Z", "2026-11-20T09:31:16.000Z"],
    ["2026-11-20 09:31:16 +01:00", "2026-11-20T08:31:16.000Z"],
    ["2026-11-20T09:31+0000", "2026-11-20T09:31:00.000Z"],
    [1_795_167_076, "2026-11-20T09:31:16.000Z"],
    ["1795167076000", "2026-11-20T09:31:16.000Z"],
  ])("%s is read", (value, expected) => {
    expect(readInstant(value)?.toISOString()).toBe(expected);
  });

  it.each(["2026-11-20 09:31:16", "2026-13-45T00:00:00Z", "yesterday", "", 5, null, {}])(
    "%s says none",
    (value) => {
      expect(readInstant(value)).toBeNull();
    },
  );

  it("is the payment's, before that of the last change", () => {
    const fields: Record<string, unknown> = {
      updated_at: "2026-11-20T10:00:00Z",
      paid_at: null,
      completed_at: "2026-11-20T09:00:00Z",
    };
    expect(readPaidAt((name) => fields[name])).toEqual({ paidAt: new Date("2026-11-20T09:00:00Z") });
    expect(readPaidAt(() => undefined)).toEqual({});
  });
});
