// Promise: a process that is killed at any step of any verb, job or request loses nothing, doubles nothing, and leaves nothing open.
import path from "node:path";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import { caseOf, type FailpointCase, findFailpoints, reachableFailpoints } from "./cases";
import { CrashTest } from "./crash-test";
import { CrashHarness } from "./harness";
import { settle } from "./settle";

const SMOKE_CASES = { least: 4, most: 8 };
const VIOLATIONS_MAX = 20;
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
  const hit = new Set<string>();
  const violations: Violation[] = [];
  let [cases, crashes] = [0, 0];
  let harness: CrashHarness | null = null;
  try {
    for (const number of plan.cases(plan.isSmoke ? SMOKE_CASES : { least: isLong ? all.length : 1 })) {
      harness ??= await CrashHarness.start(path.join(plan.home, `from ${number}`));
      const drawn = caseOf(plan, all, number);
      const crashesBefore = harness.crashes;
      const found = await crashAt(harness, drawn, plan.random(number)).catch((error: unknown) => [
        `it couldn't go on: ${error instanceof Error ? error.message : String(error)}`,
      ]);
      for (const what of found) violations.push({ case: number, what: `${titleOf(drawn)}: ${what}` });
      if (found.length === 0) hit.add(drawn.failpoint);
      cases += 1;
      crashes += harness.crashes - crashesBefore;
      plan.progress(`failpoints: ${cases} cases, ${hit.size} of ${all.length} failpoints`);
      if (violations.length >= VIOLATIONS_MAX) break;
      if (found.length === 0) continue;
      // A violation leaves a broken state behind, which the next case must not find.
      await harness.stop();
      harness = null;
    }
  } finally {
    await harness?.stop();
  }
  const counts = { cases, failpoints: all.length, "of them hit": hit.size };
  return { counts, faults: { crashes }, violations };
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
