import { describe, expect, it } from "vitest";
import { type Evidence, verdictOf } from "./policy";

describe("what a recovery may do", () => {
  it.each<["phone" | "email", Evidence, boolean, boolean, ReturnType<typeof verdictOf>]>([
    // first code, evidence, other contact, stale phone
    ["phone", "none", false, false, "refused"],
    ["phone", "none", true, false, "refused"],
    ["phone", "none", true, true, "refused"],
    ["phone", "device", false, false, "limited"],
    ["phone", "device", false, true, "limited"],
    ["phone", "pin", false, false, "limited"],
    ["phone", "pin", false, true, "stopped"],
    ["phone", "other_code", true, false, "limited"],
    ["phone", "other_code", true, true, "limited"],
    ["email", "none", false, false, "stopped"],
    ["email", "none", true, false, "refused"],
    ["email", "none", true, true, "stopped"],
    ["email", "device", true, true, "limited"],
    ["email", "pin", false, false, "limited"],
    ["email", "pin", true, true, "limited"],
    ["email", "other_code", true, false, "limited"],
    ["email", "other_code", true, true, "stopped"],
  ])(
    "a code by %s with %s (other contact %s, stale phone %s): %s",
    (first, evidence, other, stale, verdict) => {
      const state = { firstContact: first, hasOtherContact: other, isPhoneStale: stale };
      expect(verdictOf(evidence, state)).toBe(verdict);
    },
  );
});
