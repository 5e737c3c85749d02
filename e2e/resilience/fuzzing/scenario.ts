import { type Deployment, startDeployment } from "../deployment";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { actionEndpoints, choosePins, isSlowAction, readForms } from "./action-endpoints";
import { apiEndpoints, type Endpoint, webhookEndpoints } from "./api-endpoints";
import { internalsIn } from "./check-response";
import { FuzzDriver, newTally, type Tally, violationsOf } from "./fuzz-driver";
import { otherEndpoints } from "./other-endpoints";
import { pageEndpoints } from "./page-endpoints";
import { type WatchResult, watchDeployment } from "./watch-deployment";
import { createWorld, readUserState, resetLimits, type World } from "./world";

const WORKERS = 10;
const RESET_LIMITS_EVERY_MS = 2_000;
const CASES_LEAST = 6;
const SMOKE_CASES = 8;
const PIPELINES = 3;

/** Fuzzing: mutated requests to every endpoint must succeed or be refused as documented, and harm nobody. */
export const fuzzing: Scenario = {
  name: "fuzzing",
  promise: "no mutated request causes a server error, a leak of internals or a change for others",
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
    return await fuzzDeployment(deployment, plan);
  } finally {
    await deployment.stop();
  }
}

async function fuzzDeployment(deployment: Deployment, plan: ScenarioPlan): Promise<ScenarioResult> {
  const world = await createWorld(deployment);
  await readForms(world);
  await choosePins(world);
  const before = await readUserState(world);
  const tally = newTally();
  const violations: Violation[] = [];
  const stopWatching = watchDeployment(deployment, () => tally.requests);
  const resetting = setInterval(() => void resetLimits(world).catch(() => {}), RESET_LIMITS_EVERY_MS);
  const cases = plan
    .cases({ least: CASES_LEAST, ...(plan.isSmoke ? { most: SMOKE_CASES } : {}) })
    [Symbol.iterator]();
  await Promise.all(Array.from({ length: WORKERS }, () => work({ world, plan, tally, violations, cases })));
  clearInterval(resetting);
  const watched = await stopWatching();
  const problems = [...watched.problems, ...(await checkAfterwards(world, before))];
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
  const driver = new FuzzDriver(world, tally);
  const endpoints = allEndpoints(world);
  for (let next = cases.next(); next.done !== true; next = cases.next()) {
    const number = next.value;
    const random = plan.random(number);
    for (const endpoint of random.shuffle(roundOf(endpoints, number))) {
      if (plan.signal.aborted || violations.length > VIOLATIONS_MAX) break;
      violations.push(...violationsOf(number, await driver.send(endpoint, random)));
    }
    for (let left = PIPELINES; left > 0; left -= 1) {
      violations.push(...violationsOf(number, await driver.pipeline(endpoints.quick, random)));
    }
    plan.progress(`fuzzing: ${tally.requests} requests`);
  }
  driver.close();
}

interface EndpointGroups {
  /** Answered in front of Next: about a thousand a second. */
  quick: Endpoint[];
  /** Answered by Next: about a hundred a second. */
  slow: Endpoint[];
  /** Hash a password or PIN: about ten a second. */
  slowest: Endpoint[];
}

function allEndpoints(world: World): EndpointGroups {
  const actions = actionEndpoints(world);
  const isSlow = ({ name }: Endpoint) => isSlowAction(name.replace("action ", ""));
  return {
    quick: [...apiEndpoints(world), ...webhookEndpoints(world), ...webhookEndpoints(world)],
    slow: [
      ...pageEndpoints(world),
      ...otherEndpoints(world),
      ...actions.filter((endpoint) => !isSlow(endpoint)),
    ],
    slowest: actions.filter(isSlow),
  };
}

const QUICK_A_CASE = 4;

/** The endpoints of one case: quick ones several times, slow ones once, one of the slowest in turn. */
function roundOf({ quick, slow, slowest }: EndpointGroups, number: number): Endpoint[] {
  const hashing = slowest[number % slowest.length];
  return [
    ...Array.from({ length: QUICK_A_CASE }, () => quick).flat(),
    ...slow,
    ...(hashing ? [hashing] : []),
  ];
}

/** What must hold after all requests. */
async function checkAfterwards(world: World, before: string): Promise<string[]> {
  const { deployment } = world;
  const problems = await deployment.audit();
  if ((await readUserState(world)) !== before) problems.push("rows of bystanders changed");
  const jobs = await deployment.owner<{ last_error: string }[]>`
    select last_error from graphile_worker._private_jobs jobs
    join graphile_worker._private_tasks tasks on tasks.id = task_id
    where identifier = 'process_webhook' and last_error is not null`;
  for (const { last_error: error } of jobs) {
    if (internalsIn(error) !== null)
      problems.push(`a webhook event breaks the worker: ${error.slice(0, 120)}`);
  }
  return problems;
}

function report(
  tally: Tally,
  violations: Violation[],
  { logLines, growth, peakMegabytes }: WatchResult,
): ScenarioResult {
  const kind = (name: string) => tally.kinds.get(name) ?? 0;
  return {
    counts: {
      requests: tally.requests,
      "to the API": kind("api"),
      "to webhooks": kind("webhook"),
      "to pages": kind("page") + kind("auth") + kind("missing") + kind("file"),
      "to actions": kind("action"),
      "without mutation": tally.unchanged,
      "log lines": logLines,
      "% memory growth": growth,
      "MB of memory at most": peakMegabytes,
    },
    faults: {
      "fields mutated": tally.families.get("fields") ?? 0,
      "bodies mutated": tally.families.get("bodies") ?? 0,
      "headers mutated": tally.families.get("headers") ?? 0,
      "addresses mutated": tally.families.get("addresses") ?? 0,
      "methods mutated": tally.families.get("methods") ?? 0,
      "framings mutated": tally.families.get("framings") ?? 0,
      pipelines: tally.families.get("pipelines") ?? 0,
      refused: tally.refused,
      accepted: tally.accepted,
    },
    violations,
  };
}
