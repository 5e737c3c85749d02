// Promise: a process that is killed at any step of any verb, job or request loses nothing, doubles nothing, and leaves nothing open.
import path from "node:path";
import type { Random } from "@/e2e/resilience/random";
import { runCases } from "@/e2e/resilience/run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { caseOf, type FailpointCase, findFailpoints, reachableFailpoints } from "./cases";
import { CrashTest } from "./crash-test";
import { CrashHarness } from "./harness";
import { settle } from "./settle";

const SMOKE_CASES = { least: 4, most: 8 };
/** A run with at least this much time hits every failpoint, even when that takes longer than it has. */
const WHOLE_ROUND_FROM_MS = 180_000;

/** Kills the process before and after each commit, provider call and acknowledgement. */
export const failpoints: Scenario = {
  name: "failpoints",
  promise: "a crash at any step loses nothing, doubles nothing and leaves nothing open",
  share: 3,
  run: runFailpoints,
};

async function runFailpoints(plan: ScenarioPlan): Promise<ScenarioResult> {
  const all = reachableFailpoints(findFailpoints());
  const isLong = plan.leftMs() >= WHOLE_ROUND_FROM_MS;
  const bounds = plan.isSmoke ? SMOKE_CASES : { least: isLong ? all.length : 1 };
  const hit = new Set<string>();
  let harness: CrashHarness | null = null;
  try {
    const tally = await runCases(plan, { faults: ["crashes"], ...bounds }, async (one) => {
      harness ??= await CrashHarness.start(path.join(plan.home, `from ${one.number}`));
      const drawn = caseOf(plan, all, one.number);
      const crashesBefore = harness.crashes;
      const found = await crashAt(harness, drawn, one.random).catch((error: unknown) => [
        `it couldn't go on: ${error instanceof Error ? error.message : String(error)}`,
      ]);
      one.tally.count({ cases: 1 });
      one.tally.fault("crashes", harness.crashes - crashesBefore);
      if (found.length === 0) hit.add(drawn.failpoint);
      else {
        // A violation leaves a broken state behind, which the next case must not find.
        await harness.stop();
        harness = null;
      }
      return found.map((what) => `${titleOf(drawn)}: ${what}`);
    });
    tally.count({ failpoints: all.length, "of them hit": hit.size });
    return tally;
  } finally {
    await (harness as CrashHarness | null)?.stop();
  }
}

function titleOf({ failpoint, hit, crashes, workload }: FailpointCase): string {
  return `${failpoint} (hit ${hit}, ${crashes} crashes, ${workload.name})`;
}

/** Runs the workload until its failpoint has killed a child, lets everything settle, and checks the outcome. */
async function crashAt(
  harness: CrashHarness,
  { failpoint, hit, crashes, workload }: FailpointCase,
  random: Random,
): Promise<string[]> {
  const tests: CrashTest[] = [];
  const violations: string[] = [];
  let isArmed = false;
  const armOnce = async (): Promise<void> => {
    if (!isArmed) await harness.arm(failpoint, hit, crashes);
    isArmed = true;
  };
  // One run more than needed: on a busy machine concurrent requests may miss the failpoint once.
  for (let run = 1; run === 1 || (run <= hit + 1 && !harness.hasFired()); run += 1) {
    const test = new CrashTest(harness, random);
    tests.push(test);
    await workload.run(test, armOnce);
    const open = await settle(harness);
    if (open !== null) violations.push(open);
  }
  harness.disarm();
  if (!harness.hasFired()) violations.push("its failpoint was never hit");
  for (const test of tests) violations.push(...(await test.check()));
  return [...violations, ...(await harness.deployment.audit())];
}
