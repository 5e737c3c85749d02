import { describe, expect, it } from "vitest";
import { verdictOf } from "./run-tests";

describe("the verdict", () => {
  const report = (numPassedTests: number, numFailedTests: number, success: boolean) =>
    JSON.stringify({ numPassedTests, numFailedTests, success });

  it("is red for a failed test only: a file that can't be loaded or holds no test is unable", () => {
    expect(verdictOf(report(4, 1, false))).toBe("red");
    expect(verdictOf(report(5, 0, true))).toBe("green");
    expect(verdictOf(report(5, 0, false))).toBe("unable");
    expect(verdictOf(report(0, 0, true))).toBe("unable");
    expect(verdictOf("")).toBe("unable");
  });
});
