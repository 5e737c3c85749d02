import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { mutated, sourceOf } from "./copy-tree";
import type { Mutation } from "./mutation";
import { MUTATIONS } from "./mutations";
import { verdictOf } from "./run-tests";

describe("the mutations", () => {
  it("are at least 45, each with a name of its own", () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(45);
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  });

  it("each find their text exactly once in their file, and name test files that exist", () => {
    for (const mutation of MUTATIONS) {
      const source = sourceOf(mutation);
      expect(mutated(mutation, source), mutation.name).not.toBe(source);
      for (const test of mutation.tests) expect(fs.existsSync(test), `${mutation.name}: ${test}`).toBe(true);
      expect(mutation.tests.length, mutation.name).toBeGreaterThan(0);
    }
  });

  it("name tests in `only` that exist in those files", () => {
    for (const { name, tests, only } of MUTATIONS) {
      if (only === undefined) continue;
      const isThere = tests.some((test) => fs.readFileSync(test, "utf8").includes(only));
      expect(isThere, `${name}: no test says "${only}"`).toBe(true);
    }
  });

  it("throw when their text is gone or stands twice", () => {
    const mutation: Mutation = { name: "x", file: "a.ts", find: "lock", replace: "", tests: [] };
    expect(() => mutated(mutation, "nothing")).toThrow("stands 0 times in a.ts");
    expect(() => mutated(mutation, "lock lock")).toThrow("stands 2 times in a.ts");
  });
});

describe("the verdict", () => {
  const report = (numPassedTests: number, numFailedTests: number, success: boolean) =>
    JSON.stringify({ numPassedTests, numFailedTests, success });

  it("is red only for a failed test; unable when a file can't be loaded or has no test", () => {
    expect(verdictOf(report(4, 1, false))).toBe("red");
    expect(verdictOf(report(5, 0, true))).toBe("green");
    expect(verdictOf(report(5, 0, false))).toBe("unable");
    expect(verdictOf(report(0, 0, true))).toBe("unable");
    expect(verdictOf("")).toBe("unable");
  });
});
