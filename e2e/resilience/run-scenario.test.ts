import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budgetsOf, linesOf, type Run, runScenario } from "./run-scenario";
import type { Scenario, ScenarioPlan, ScenarioResult } from "./scenario";

let home = "";
beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-prove-"));
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const run = (overrides: Partial<Run> = {}): Run => ({
  seed: "7",
  minutes: 0,
  isSmoke: false,
  case: null,
  home,
  signal: new AbortController().signal,
  say: () => {},
  ...overrides,
});

const part = (work: (plan: ScenarioPlan) => Promise<ScenarioResult>): Scenario => ({
  name: "sample",
  promise: "nothing is lost",
  share: 1,
  run: work,
});

const fine: ScenarioResult = { counts: { tries: 3 }, faults: { kills: 1 }, breaches: [] };

describe("a part of the proof", () => {
  it("is green when its faults happened and nothing was breached", async () => {
    const outcome = await runScenario(
      part(async () => fine),
      run(),
      0,
    );
    expect(outcome).toMatchObject({ isGreen: true, missing: [], problem: null });
    expect(linesOf(outcome)[0]).toContain("nothing is lost · 3 tries, 1 kills · seed 7");
  });

  it("is red when its fault never happened", async () => {
    const outcome = await runScenario(
      part(async () => ({ ...fine, faults: { kills: 0 } })),
      run(),
      0,
    );
    expect(outcome).toMatchObject({ isGreen: false, missing: ["kills"] });
  });

  it("is red when it can't go on, and says why", async () => {
    const outcome = await runScenario(
      part(async () => {
        throw new Error("no database");
      }),
      run(),
      0,
    );
    expect(outcome.isGreen).toBe(false);
    expect(linesOf(outcome).join("\n")).toContain("no database");
  });

  it("says how to play a breach again", async () => {
    const outcome = await runScenario(
      part(async () => ({ ...fine, breaches: [{ case: 12, what: "5 F are missing" }] })),
      run(),
      0,
    );
    expect(outcome.isGreen).toBe(false);
    expect(linesOf(outcome).join("\n")).toContain("npm run resilience -- --only sample --seed 7 --case 12");
  });

  it("runs at least so many cases without time, at most so many with it, and only the one to be played again", async () => {
    const seen: number[][] = [];
    const collect = part(async (plan) => {
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
    const draw = part(async (plan) => {
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
  it("are shared as the parts' shares say", () => {
    const budgets = budgetsOf(
      [
        { ...part(async () => fine), name: "a", share: 3 },
        { ...part(async () => fine), name: "b", share: 1 },
        { ...part(async () => fine), name: "c", share: 0 },
      ],
      4,
    );
    expect([...budgets.values()]).toEqual([180_000, 60_000, 0]);
  });
});
