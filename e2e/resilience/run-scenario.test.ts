import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { offerCodes } from "@/e2e/support/codes";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { knownPinHash } from "@/e2e/support/people";
import { config, environment, parseConfig, replaceEnvironment } from "@/lib/config";
import { listChannels } from "@/lib/messaging/registry";
import { findProvider, overrideProviders } from "@/lib/providers/registry";
import { isCheckable } from "@/lib/services/identity/pin/pin-hash";
import { linesOf, tableOf } from "./report";
import { runCases } from "./run-cases";
import { type Run, runScenario } from "./run-scenario";
import type { ScenarioPlan, ScenarioResult } from "./scenario";
import { testPlan } from "./test-plan";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-resilience-"));
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

const FINE: ScenarioResult = { counts: { tries: 3 }, faults: { kills: 1 }, violations: [] };

/** Runs a scenario that does this. */
async function run(
  work: (plan: ScenarioPlan) => ScenarioResult | Promise<ScenarioResult>,
  overrides: Partial<Run> = {},
  ms = 0,
) {
  const { signal } = new AbortController();
  const options = { seed: "7", minutes: 0, isSmoke: false, case: null, home, signal, progress: () => {} };
  const scenario = { name: "sample", promise: "nothing is lost", share: 1 };
  return await runScenario(
    { ...scenario, run: async (plan) => work(plan) },
    { ...options, ...overrides },
    ms,
  );
}

describe("a scenario", () => {
  it("is green when its faults happened and nothing was violated", async () => {
    const outcome = await run(() => FINE);
    expect(outcome).toMatchObject({ isGreen: true, missing: [], problem: null });
    expect(linesOf(outcome)[0]).toContain("nothing is lost · 3 tries, 1 kills · seed 7");
  });

  const broken = (): never => {
    throw new Error("no database");
  };

  it.each([
    ["its fault never happened", () => ({ ...FINE, faults: { kills: 0 } }), "never happened: kills"],
    ["an error stops it", broken, "stopped by an error: Error: no database"],
    [
      "something was violated, with the command that replays it",
      () => ({ ...FINE, violations: [{ case: 12, what: "5 F are missing" }] }),
      "replay: npm run resilience -- --only sample --seed 7 --case 12",
    ],
  ])("is red when %s", async (_name, work, line) => {
    const outcome = await run(work);
    expect(outcome.isGreen).toBe(false);
    expect(linesOf(outcome).join("\n")).toContain(line);
  });

  it("runs at least `least` cases without time, at most `most` with it, and only the replayed one", async () => {
    const seen: number[][] = [];
    const collect = (plan: ScenarioPlan) => {
      seen.push([...plan.cases({ least: 2, most: 4 })]);
      return FINE;
    };
    await run(collect);
    await run(collect, {}, 60_000);
    await run(collect, { case: 12 }, 60_000);
    expect(seen).toEqual([[0, 1], [0, 1, 2, 3], [12]]);
  });

  it.each([
    ["held", () => FINE],
    ["failed", broken],
  ])("that %s leaves no variables, providers and channels in its process", async (_name, end) => {
    configureVerbs("postgres://localhost/first");
    const before = environment();
    await run(() => {
      overrideProviders([createFakeProvider("fake")]);
      offerCodes();
      replaceEnvironment({ PIN_SECRET: "that of another deployment", LEFT_BEHIND: "1" });
      return end();
    });
    expect(environment()).toEqual(before);
    expect(config().pinSecrets).toEqual(parseConfig(before).pinSecrets);
    expect(findProvider("fake")).toBeNull();
    expect(listChannels()).toEqual([]);
  });

  it("that runs after another one has users whose PINs its own deployment can check", async () => {
    configureVerbs("postgres://localhost/first");
    const checked: boolean[] = [];
    for (const secret of ["a", "b"]) {
      await run(async () => {
        replaceEnvironment({ PIN_SECRET: secret.repeat(32) });
        checked.push(isCheckable(await knownPinHash("4907")));
        return FINE;
      });
    }
    expect(checked).toEqual([true, true]);
  });

  it("draws the same numbers for the same seed and case", async () => {
    const drawn: number[] = [];
    const draw = (plan: ScenarioPlan) => {
      drawn.push(plan.random(3).int(0, 1_000_000));
      return FINE;
    };
    for (const seed of ["7", "7", "8"]) await run(draw, { seed });
    expect(drawn[1]).toBe(drawn[0]);
    expect(drawn[2]).not.toBe(drawn[0]);
  });

  it("adds up what its cases count, and says each violation of a case once", async () => {
    const result = await runCases(
      testPlan(2),
      { faults: ["kills", "timeouts"] },
      async ({ number, tally }) => {
        tally.count({ tries: 2 });
        tally.fault("kills");
        tally.fault("never declared");
        return number === 1 ? ["5 F are missing", "5 F are missing"] : [];
      },
    );
    expect(result.counts).toEqual({ tries: 4 });
    expect(result.faults).toEqual({ kills: 2, timeouts: 0 });
    expect(result.violations).toEqual([{ case: 1, what: "5 F are missing" }]);
  });

  it("has a line in the table at the end, whether it ran or not", async () => {
    const listed = [
      { name: "sample", unit: "tries" },
      { name: "other", unit: "kills" },
    ];
    const [ran, other] = tableOf(listed, [await run(() => FINE)]);
    expect(ran).toMatch(/^✓ sample +\d+\.\d s +3 tries$/);
    expect(other).toMatch(/^- other +not run$/);
  });
});
