import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budgetsOf, linesOf, type Run, runScenario } from "./run-scenario";
import type { Scenario, ScenarioPlan, ScenarioResult } from "./scenario";

let home = "";
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-resilience-"));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const run = (overrides: Partial<Run> = {}): Run => ({
  seed: "7",
  minutes: 0,
  isSmoke: false,
  case: null,
  home,
  signal: new AbortController().signal,
  progress: () => {},
  ...overrides,
});

const scenario = (work: (plan: ScenarioPlan) => Promise<ScenarioResult>): Scenario => ({
  name: "sample",
  promise: "nothing is lost",
  share: 1,
  run: work,
});

const fine: ScenarioResult = { counts: { tries: 3 }, faults: { kills: 1 }, violations: [] };

describe("a scenario", () => {
  it("is green when its faults happened and nothing was violated", async () => {
    const outcome = await runScenario(
      scenario(async () => fine),
      run(),
      0,
    );
    expect(outcome).toMatchObject({ isGreen: true, missing: [], problem: null });
    expect(linesOf(outcome)[0]).toContain("nothing is lost · 3 tries, 1 kills · seed 7");
  });

  it("is red when its fault never happened", async () => {
    const outcome = await runScenario(
      scenario(async () => ({ ...fine, faults: { kills: 0 } })),
      run(),
      0,
    );
    expect(outcome).toMatchObject({ isGreen: false, missing: ["kills"] });
  });

  it("is red when an error stops it, and says which", async () => {
    const outcome = await runScenario(
      scenario(async () => {
        throw new Error("no database");
      }),
      run(),
      0,
    );
    expect(outcome.isGreen).toBe(false);
    expect(linesOf(outcome).join("\n")).toContain("no database");
  });

  it("prints the command that replays a violation", async () => {
    const outcome = await runScenario(
      scenario(async () => ({ ...fine, violations: [{ case: 12, what: "5 F are missing" }] })),
      run(),
      0,
    );
    expect(outcome.isGreen).toBe(false);
    expect(linesOf(outcome).join("\n")).toContain("npm run resilience -- --only sample --seed 7 --case 12");
  });

  it("runs at least `least` cases without time, at most `most` with it, and only the replayed one", async () => {
    const seen: number[][] = [];
    const collect = scenario(async (plan) => {
      seen.push([...plan.cases({ least: 2, most: 4 })]);
      return fine;
    });
    await runScenario(collect, run(), 0);
    await runScenario(collect, run(), 60_000);
    await runScenario(collect, run({ case: 12 }), 60_000);
    expect(seen).toEqual([[0, 1], [0, 1, 2, 3], [12]]);
  });

  it("draws the same numbers for the same seed and case", async () => {
    const drawn: number[] = [];
    const draw = scenario(async (plan) => {
      drawn.push(plan.random(3).int(0, 1_000_000));
      return fine;
    });
    await runScenario(draw, run(), 0);
    await runScenario(draw, run(), 0);
    await runScenario(draw, run({ seed: "8" }), 0);
    expect(drawn[1]).toBe(drawn[0]);
    expect(drawn[2]).not.toBe(drawn[0]);
  });
});

describe("the minutes of a run", () => {
  it("are divided by the scenarios' shares", () => {
    const budgets = budgetsOf(
      [
        { ...scenario(async () => fine), name: "a", share: 3 },
        { ...scenario(async () => fine), name: "b", share: 1 },
        { ...scenario(async () => fine), name: "c", share: 0 },
      ],
      4,
    );
    expect([...budgets.values()]).toEqual([180_000, 60_000, 0]);
  });
});
