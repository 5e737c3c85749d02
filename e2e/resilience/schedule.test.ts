import { describe, expect, it } from "vitest";
import { randomFrom } from "./random";
import { budgetOf, chooseScenarios, minutesForAll } from "./schedule";

const scenario = (name: string, leastSeconds: number, share = 1) => ({ name, leastSeconds, share });
const ALL = [scenario("a", 20), scenario("b", 40), scenario("c", 30, 0), scenario("d", 18)];
const namesOf = (scenarios: { name: string }[]) => scenarios.map(({ name }) => name).join("");

describe("the scenarios of a run", () => {
  it("are all of them with enough minutes, the longest first", () => {
    expect(minutesForAll(ALL)).toBe(2);
    expect(namesOf(chooseScenarios(ALL, 2, randomFrom("7")))).toBe("bcad");
  });

  it("are those that fit otherwise, other ones for other seeds", () => {
    const chosen = Array.from({ length: 20 }, (_, seed) => chooseScenarios(ALL, 1, randomFrom(`${seed}`)));
    for (const each of chosen) {
      const least = each.reduce((sum, { leastSeconds }) => sum + leastSeconds, 0);
      expect(least).toBeGreaterThan(0);
      expect(least).toBeLessThanOrEqual(54);
    }
    expect(new Set(chosen.flat().map(({ name }) => name)).size).toBe(ALL.length);
  });
});

describe("the time of the next scenario", () => {
  it.each([
    ["its least and its share of the rest", ALL, 138_000, 1, 30_000],
    ["its least if it has a fixed size", ALL.slice(2), 100_000, 1, 30_000],
    ["all that is left for the last one", ALL.slice(3), 60_000, 1, 60_000],
    ["what is left when earlier ones took a little longer", ALL.slice(3), 15_000, 1, 15_000],
    ["none when they took much longer", ALL.slice(3), 10_000, 1, null],
    ["none when the machine is too slow for it", ALL.slice(3), 30_000, 2, null],
    ["none when there is no scenario", [], 10_000, 1, null],
  ])("is %s", (_name, scenarios, leftMs, slowness, budgetMs) => {
    expect(budgetOf(scenarios, { leftMs, toleranceMs: 5_000, slowness })).toBe(budgetMs);
  });
});
