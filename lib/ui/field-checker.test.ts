import { describe, expect, test, vi } from "vitest";
import { createFieldChecker } from "./field-checker";
import { amountCheck, emailCheck, filledCheck, phoneCheck } from "./field-checks";

const REASONS = { no_decimals: "francs have no centimes", not_a_number: "digits only" };

describe("a field that was left", () => {
  test("shows its error until the value is right", async () => {
    const check = createFieldChecker({ amount: amountCheck("XOF", REASONS) });
    expect(await check("amount", "5000,5")).toBe("francs have no centimes");
    expect(await check("amount", "five")).toBe("digits only");
    expect(await check("amount", "5 000")).toBeUndefined();
  });

  test("may be empty, and nothing is asked about it", async () => {
    const never = vi.fn(() => "wrong");
    const check = createFieldChecker({ amount: never });
    expect(await check("amount", "")).toBeUndefined();
    expect(never).not.toHaveBeenCalled();
  });

  test("may have no check of its own", async () => {
    const check = createFieldChecker<"amount" | "note">({ amount: () => "wrong", note: undefined });
    expect(await check("note", "rent")).toBeUndefined();
  });

  test("is checked apart from the others", async () => {
    const check = createFieldChecker({ one: () => "wrong", other: () => undefined });
    expect(await Promise.all([check("one", "x"), check("other", "x")])).toEqual(["wrong", undefined]);
  });
});

describe("what browsers check of what was typed", () => {
  test.each([
    ["ama@example.com", undefined],
    ["  ama@example.com ", undefined],
    ["ama@example", "invalid"],
    ["ama example.com", "invalid"],
  ])("the address %j", (typed, problem) => {
    expect(emailCheck("invalid")(typed)).toBe(problem);
  });

  test.each([
    ["+226 70 12 34 56", undefined],
    ["70.12.34.56", undefined],
    ["+226 70 12", "invalid"],
    ["seventy", "invalid"],
  ])("the number %j", (typed, problem) => {
    expect(phoneCheck("invalid")(typed)).toBe(problem);
  });

  test("a name that is only spaces is empty", () => {
    expect(filledCheck("empty")("  ")).toBe("empty");
    expect(filledCheck("empty")("Ama")).toBeUndefined();
  });
});
