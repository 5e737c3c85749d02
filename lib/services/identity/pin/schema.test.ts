import { describe, expect, it } from "vitest";
import { setPinSchema } from "./schema";

function reasons(pin: string, pinAgain = pin): Record<string, string> {
  const result = setPinSchema.safeParse({ pin, pinAgain });
  if (result.success) return {};
  // The first reason of each field is the one that is shown.
  const issues = result.error.issues.toReversed();
  return Object.fromEntries(issues.map((issue) => [issue.path.join("."), issue.message]));
}

describe("what can be a PIN", () => {
  it.each(["4907", "58130", "907214", "1124", "2026"])("%s can", (pin) => {
    expect(reasons(pin)).toEqual({});
  });

  it.each([
    "0000",
    "1111",
    "999999",
    "1212",
    "123123",
    "1234",
    "0123",
    "9012",
    "654321",
    "3210",
    "2580",
    "0852",
  ])("%s is too common", (pin) => {
    expect(reasons(pin)).toEqual({ pin: "pin_common" });
  });

  it.each([
    ["three digits", "490"],
    ["seven digits", "4907213"],
    ["letters", "49o7"],
    ["other digits than ASCII's", "٤٩٠٧"],
    ["a space inside", "49 07"],
  ])("%s can't", (_name, pin) => {
    expect(reasons(pin)).toEqual({ pin: "pin_format" });
  });

  it("an empty PIN is required, and the repetition must match", () => {
    expect(reasons("")).toMatchObject({ pin: "required", pinAgain: "required" });
    expect(reasons("4907", "4970")).toEqual({ pinAgain: "pin_mismatch" });
  });
});
