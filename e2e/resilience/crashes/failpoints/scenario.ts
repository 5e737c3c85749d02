import path from "node:path";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import { caseOf, type FailpointCase, findFailpoints, reachableFailpoints } from "./cases";
import { CrashHarness } from "./crash-harness";
import { CrashTest } from "./crash-test";
import { checkTest } from "./oracle";
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
  const isLong = plan.leftMs() >= WHOLE_ROUND_FROM_MS;
  let harness = await CrashHarness.start(path.join(plan.home, "harness-0"));
  const failpoints = reachableFailpoints(findFailpoints());
  const hit = new Set<string>();
  const violations: Violation[] = [];
  let [cases, crashes, harnesses] = [0, 0, 1];
  try {
    for (const number of plan.cases(plan.isSmoke ? SMOKE_CASES : { least: isLong ? failpoints.length : 1 })) {
      const drawn = caseOf(plan, failpoints, number);
      const found = await runCase(plan, harness, drawn, number);
      for (const what of found) violations.push({ case: number, what: `${titleOf(drawn)}: ${what}` });
      if (harness.hasFired()) hit.add(drawn.failpoint);
      cases += 1;
      if (cases % 25 === 0)
        plan.progress(`failpoints: ${cases} cases, ${hit.size} of ${failpoints.length} failpoints`);
      if (found.length === 0) continue;
      if (violations.length >= VIOLATIONS_MAX) break;
      // A violation leaves a broken state behind, which the next case must not find.
      crashes += harness.crashes;
      await harness.stop();
      harness = await CrashHarness.start(path.join(plan.home, `harness-${harnesses}`));
      harnesses += 1;
    }
  } finally {
    await harness.stop();
  }
  return {
    counts: { cases, failpoints: failpoints.length, "of them hit": hit.size },
    faults: { crashes: crashes + harness.crashes },
    violations,
  };
}

function titleOf({ failpoint, hit, crashes, workload }: FailpointCase): string {
  return `${failpoint} (hit ${hit}, ${crashes} crashes, ${workload.name})`;
}

/** The violations of one case, a sentence each. */
async function runCase(
  plan: ScenarioPlan,
  harness: CrashHarness,
  drawn: FailpointCase,
  number: number,
): Promise<string[]> {
  try {
    return await crashAt(harness, drawn, plan.random(number));
  } catch (error) {
    return [`it couldn't go on: ${error instanceof Error ? error.message : String(error)}`];
  }
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
  harness.reset();
  const armOnce = async (): Promise<void> => {
    if (!isArmed) await harness.arm(failpoint, hit, crashes);
    isArmed = true;
  };
  // One run more than needed: on a busy machine concurrent requests may miss the failpoint once.
  for (let run = 1; run === 1 || (run <= hit + 1 && !harness.hasFired()); run += 1) {
    const test = new CrashTest(harness, random, armOnce);
    tests.push(test);
    await workload.run(test);
    const open = await settle(harness);
    if (open !== null) violations.push(open);
  }
  await harness.disarm();
  if (!harness.hasFired()) violations.push("its failpoint was never hit");
  for (const test of tests) violations.push(...(await checkTest(test)));
  violations.push(...(await harness.deployment.audit()));
  return violations;
}
