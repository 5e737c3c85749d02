import path from "node:path";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import { caseOf, type FailpointCase, reachedPoints } from "./cases";
import { Stage } from "./crash-harness";
import { judgePlay } from "./oracle";
import { Play } from "./play";
import { settle } from "./settle";

const SLICE_CASES = { least: 4, most: 8 };
const VIOLATIONS_MAX = 20;
/** With so much time a run goes through every point, even if the machine makes it late. */
const WHOLE_ROUND_FROM_MS = 180_000;

/** Goal 3: a crash before and after each commit, call of a provider and acknowledgement. */
export const failpoints: Scenario = {
  name: "failpoints",
  promise: "a crash at any step loses nothing, doubles nothing and leaves nothing open",
  share: 3,
  run: runFailpoints,
};

async function runFailpoints(plan: ScenarioPlan): Promise<ScenarioResult> {
  const isLong = plan.leftMs() >= WHOLE_ROUND_FROM_MS;
  let stage = await Stage.start(path.join(plan.home, "stage-0"));
  const points = reachedPoints(stage.points);
  const hit = new Set<string>();
  const violations: Violation[] = [];
  let [cases, crashes, stages] = [0, 0, 1];
  try {
    for (const number of plan.cases(plan.isSmoke ? SLICE_CASES : { least: isLong ? points.length : 1 })) {
      const drawn = caseOf(plan, points, number);
      const found = await playCase(plan, stage, drawn, number);
      for (const what of found) violations.push({ case: number, what: `${titleOf(drawn)}: ${what}` });
      if (stage.hasFired()) hit.add(drawn.point);
      cases += 1;
      if (cases % 25 === 0)
        plan.progress(`failpoints: ${cases} cases, ${hit.size} of ${points.length} points`);
      if (found.length === 0) continue;
      if (violations.length >= VIOLATIONS_MAX) break;
      // What a violation left behind must not be the next one's.
      crashes += stage.crashes;
      await stage.stop();
      stage = await Stage.start(path.join(plan.home, `stage-${stages}`));
      stages += 1;
    }
  } finally {
    await stage.stop();
  }
  return {
    counts: { cases, points: points.length, "of them hit": hit.size },
    faults: { crashes: crashes + stage.crashes },
    violations,
  };
}

function titleOf({ point, pass, deaths, scenario }: FailpointCase): string {
  return `${point} (pass ${pass}, ${deaths} deaths, ${scenario.name})`;
}

/** What is wrong after one case, as sentences. */
async function playCase(
  plan: ScenarioPlan,
  stage: Stage,
  drawn: FailpointCase,
  number: number,
): Promise<string[]> {
  try {
    return await crashAt(stage, drawn, plan.random(number));
  } catch (error) {
    return [`it couldn't go on: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Plays the scenario until its point has killed the child, lets everything settle, and judges. */
async function crashAt(
  stage: Stage,
  { point, pass, deaths, scenario }: FailpointCase,
  random: Random,
): Promise<string[]> {
  const plays: Play[] = [];
  const found: string[] = [];
  let isArmed = false;
  stage.forget();
  const begun = async (): Promise<void> => {
    if (!isArmed) await stage.arm(point, pass, deaths);
    isArmed = true;
  };
  // One act more than it needs: on a busy machine two things may miss each other once.
  for (let act = 1; act === 1 || (act <= pass + 1 && !stage.hasFired()); act += 1) {
    const play = new Play(stage, random, begun);
    plays.push(play);
    await scenario.run(play);
    const open = await settle(stage);
    if (open !== null) found.push(open);
  }
  await stage.disarm();
  if (!stage.hasFired()) found.push("its point was never passed");
  for (const play of plays) found.push(...(await judgePlay(play)));
  found.push(...(await stage.deployment.audit()));
  return found;
}
