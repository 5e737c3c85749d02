import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { sourceOf, spoiled } from "./copy-tree";
import type { Mutant } from "./mutation";
import { MUTANTS } from "./mutations";
import { verdictOf } from "./run-tests";

describe("the deliberate defects", () => {
  it("are at least 45, each by its own name", () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(45);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it("each change something that stands exactly once in its file, and name tests that exist", () => {
    for (const mutant of MUTANTS) {
      const source = sourceOf(mutant);
      expect(spoiled(mutant, source), mutant.name).not.toBe(source);
      for (const test of mutant.tests) expect(fs.existsSync(test), `${mutant.name}: ${test}`).toBe(true);
      expect(mutant.tests.length, mutant.name).toBeGreaterThan(0);
    }
  });

  it("name parts of those tests that exist", () => {
    for (const { name, tests, only } of MUTANTS) {
      if (only === undefined) continue;
      const isThere = tests.some((test) => fs.readFileSync(test, "utf8").includes(only));
      expect(isThere, `${name}: no test says "${only}"`).toBe(true);
    }
  });

  it("can't rot unseen: a text that is gone, or stands twice, is said", () => {
    const mutant: Mutant = { name: "x", file: "a.ts", find: "lock", replace: "", tests: [] };
    expect(() => spoiled(mutant, "nothing")).toThrow("stands 0 times in a.ts");
    expect(() => spoiled(mutant, "lock lock")).toThrow("stands 2 times in a.ts");
  });
});

describe("a defect", () => {
  const report = (numPassedTests: number, numFailedTests: number, success: boolean) =>
    JSON.stringify({ numPassedTests, numFailedTests, success });

  it("is caught by a test that fails, not by a file that can't be loaded or by nothing at all", () => {
    expect(verdictOf(report(4, 1, false))).toBe("red");
    expect(verdictOf(report(5, 0, true))).toBe("green");
    expect(verdictOf(report(5, 0, false))).toBe("unable");
    expect(verdictOf(report(0, 0, true))).toBe("unable");
    expect(verdictOf("")).toBe("unable");
  });
});
