import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { actionDoors, isSlowAction, learnForms } from "./action-endpoints";
import { apiDoors, type Door, webhookDoors } from "./api-endpoints";
import { insidesIn } from "./check-answer";
import { choosePins } from "./choose-pins";
import { Knocker, newTally, type Tally, violationsOf } from "./fuzz-driver";
import { otherDoors } from "./other-endpoints";
import { pageDoors } from "./page-endpoints";
import { type Watched, watchDeployment } from "./watch-deployment";
import { forgetLimits, makeWorld, readUserState, type World } from "./world";

const WORKERS = 10;
const TIDY_EVERY_MS = 2_000;
const CASES_LEAST = 6;
const SLICE_CASES = 8;
const PIPELINES = 3;

/** Goal 7: whatever is sent to whichever door, it is refused in our words or does what it says, and nothing breaks. */
export const fuzzing: Scenario = {
  name: "fuzzing",
  promise: "no request breaks a door",
  share: 3,
  run,
};

async function run(plan: ScenarioPlan): Promise<ScenarioResult> {
  const deployment = await startDeployment({
    home: plan.home,
    pages: true,
    env: { API_RATE_LIMIT_REFUSED: "10000000", JWT_ACCESS_TOKEN_EXPIRE_MINUTES: "1440" },
  });
  try {
    return await knockEverywhere(deployment, plan);
  } finally {
    await deployment.stop();
  }
}

async function knockEverywhere(deployment: Deployment, plan: ScenarioPlan): Promise<ScenarioResult> {
  const world = await makeWorld(deployment);
  await learnForms(world);
  await choosePins(world);
  const belonged = await readUserState(world);
  const tally = newTally();
  const violations: Violation[] = [];
  const stopWatching = watchDeployment(deployment, () => tally.requests);
  const tidying = setInterval(() => void forgetLimits(world).catch(() => {}), TIDY_EVERY_MS);
  const cases = plan
    .cases({ least: CASES_LEAST, ...(plan.isSmoke ? { most: SLICE_CASES } : {}) })
    [Symbol.iterator]();
  await Promise.all(Array.from({ length: WORKERS }, () => work({ world, plan, tally, violations, cases })));
  clearInterval(tidying);
  const watched = await stopWatching();
  const problems = [...watched.problems, ...(await afterwards(world, belonged))];
  violations.push(...problems.map((what) => ({ case: 0, what })));
  return report(tally, violations, watched);
}

interface Work {
  world: World;
  plan: ScenarioPlan;
  tally: Tally;
  violations: Violation[];
  cases: Iterator<number>;
}

const VIOLATIONS_MAX = 200;

async function work({ world, plan, tally, violations, cases }: Work): Promise<void> {
  const knocker = new Knocker(world, tally);
  const doors = allDoors(world);
  for (let next = cases.next(); next.done !== true; next = cases.next()) {
    const number = next.value;
    const random = plan.random(number);
    for (const door of random.shuffle(roundOf(doors, number))) {
      if (plan.signal.aborted || violations.length > VIOLATIONS_MAX) break;
      violations.push(...violationsOf(number, await knocker.knock(door, random)));
    }
    for (let left = PIPELINES; left > 0; left -= 1) {
      violations.push(...violationsOf(number, await knocker.pipeline(doors.quick, random)));
    }
    plan.progress(`${tally.requests} requests`);
  }
  knocker.close();
}

interface Doors {
  /** Answered before Next: a thousand a second. */
  quick: Door[];
  /** By Next: a hundred a second. */
  slow: Door[];
  /** With a password or PIN to hash: ten a second. */
  slowest: Door[];
}

function allDoors(world: World): Doors {
  const actions = actionDoors(world);
  const isSlow = ({ name }: Door) => isSlowAction(name.replace("action ", ""));
  return {
    quick: [...apiDoors(world), ...webhookDoors(), ...webhookDoors()],
    slow: [...pageDoors(world), ...otherDoors(), ...actions.filter((door) => !isSlow(door))],
    slowest: actions.filter(isSlow),
  };
}

const QUICK_A_CASE = 4;

/** Each door at least once: quick ones several times, the slowest in turns. */
function roundOf({ quick, slow, slowest }: Doors, number: number): Door[] {
  const hashing = slowest[number % slowest.length];
  return [
    ...Array.from({ length: QUICK_A_CASE }, () => quick).flat(),
    ...slow,
    ...(hashing ? [hashing] : []),
  ];
}

/** What has to hold whenever somebody looks. */
async function afterwards(world: World, belonged: string): Promise<string[]> {
  const { deployment } = world;
  const problems = await deployment.audit();
  if ((await readUserState(world)) !== belonged)
    problems.push("something changed for people who sent nothing");
  const jobs = await deployment.owner<{ last_error: string }[]>`
    select last_error from graphile_worker._private_jobs jobs
    join graphile_worker._private_tasks tasks on tasks.id = task_id
    where identifier = 'process_webhook' and last_error is not null`;
  for (const { last_error: words } of jobs) {
    if (insidesIn(words) !== null) problems.push(`an event breaks the worker: ${words.slice(0, 120)}`);
  }
  return problems;
}

function report(
  tally: Tally,
  violations: Violation[],
  { logLines, growth, peakMegabytes }: Watched,
): ScenarioResult {
  const lane = (name: string) => tally.lanes.get(name) ?? 0;
  return {
    counts: {
      requests: tally.requests,
      "to the API": lane("api"),
      "to webhooks": lane("webhook"),
      "to pages": lane("page") + lane("auth") + lane("nowhere") + lane("file"),
      "to actions": lane("action"),
      "left as they were": tally.untouched,
      "log lines": logLines,
      "% growth": growth,
      "MB at most": peakMegabytes,
    },
    faults: {
      "fields spoilt": tally.families.get("fields") ?? 0,
      "bodies spoilt": tally.families.get("bodies") ?? 0,
      "headers spoilt": tally.families.get("headers") ?? 0,
      "addresses spoilt": tally.families.get("addresses") ?? 0,
      "methods spoilt": tally.families.get("methods") ?? 0,
      "framings spoilt": tally.families.get("framings") ?? 0,
      pipelines: tally.families.get("pipelines") ?? 0,
      refused: tally.refused,
      accepted: tally.accepted,
    },
    violations,
  };
}
