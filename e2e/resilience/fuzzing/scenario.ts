import { type Deployment, startDeployment } from "../deployment";
import { changedTables, openStateReader } from "../requests/state-diff";
import type { Scenario, ScenarioPlan, ScenarioResult, Violation } from "../scenario";
import { internalsIn } from "./check-response";
import type { Endpoint } from "./endpoint";
import { allEndpoints } from "./endpoints";
import { FuzzDriver, newTally, type Tally } from "./fuzz-driver";
import { type WatchResult, watchDeployment } from "./watch-deployment";
import { createWorld, resetLimits, type World } from "./world";

const WORKERS = 10;
const RESET_LIMITS_EVERY_MS = 2_000;
const CASES_LEAST = 6;
const SMOKE_CASES = 8;
const PIPELINES = 3;
const QUICK_A_CASE = 4;
const VIOLATIONS_MAX = 200;

/**
 * Promise: no mutated request causes a server error, a leak of internals or a change for others. Valid requests are drawn from
 * the OpenAPI document and the forms' schemas and mutated: each is answered as documented, with the headers of every
 * response; app and worker neither end, grow nor log an unexpected error; the ledger's invariants hold afterwards.
 */
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
  const readState = await openStateReader(deployment.owner);
  const before = await readState(world.bystanders);
  const tally = newTally();
  const violations: Violation[] = [];
  const stopWatching = watchDeployment(deployment, () => tally.requests);
  const resetting = setInterval(() => void resetLimits(world).catch(() => {}), RESET_LIMITS_EVERY_MS);
  const bounds = { least: CASES_LEAST, ...(plan.isSmoke ? { most: SMOKE_CASES } : {}) };
  const cases = plan.cases(bounds)[Symbol.iterator]();
  await Promise.all(Array.from({ length: WORKERS }, () => work({ world, plan, tally, violations, cases })));
  clearInterval(resetting);
  const watched = await stopWatching();
  const changed = changedTables(before, await readState(world.bystanders));
  const problems = [
    ...watched.problems,
    ...(await deployment.audit()),
    ...(changed.length > 0 ? [`rows of bystanders changed in ${changed.join(", ")}`] : []),
    ...(await brokenJobs(deployment)),
  ];
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

async function work({ world, plan, tally, violations, cases }: Work): Promise<void> {
  const driver = new FuzzDriver(world, tally);
  const endpoints = allEndpoints(world);
  const quick = endpoints.filter(({ speed }) => speed === "quick");
  for (let next = cases.next(); next.done !== true; next = cases.next()) {
    const number = next.value;
    const random = plan.random(number);
    const add = (problems: readonly string[]) =>
      violations.push(...problems.map((what) => ({ case: number, what })));
    for (const endpoint of random.shuffle(roundOf(endpoints, number))) {
      if (plan.signal.aborted || violations.length > VIOLATIONS_MAX) break;
      add(await driver.send(endpoint, random));
    }
    for (let left = PIPELINES; left > 0; left -= 1) add(await driver.pipeline(quick, random));
    plan.progress(`fuzzing: ${tally.requests} requests`);
  }
  driver.close();
}

/** The endpoints of one case: quick ones several times (webhooks twice as often), slow ones once, one of the slowest in turn. */
function roundOf(endpoints: readonly Endpoint[], number: number): Endpoint[] {
  const slowest = endpoints.filter(({ speed }) => speed === "slowest");
  return endpoints.flatMap((endpoint) => {
    if (endpoint.speed === "slowest") return endpoint === slowest[number % slowest.length] ? [endpoint] : [];
    if (endpoint.speed === "slow") return [endpoint];
    const times = endpoint.kind === "webhook" ? 2 * QUICK_A_CASE : QUICK_A_CASE;
    return Array.from({ length: times }, () => endpoint);
  });
}

/** Webhook events that break the worker: no retry would help. */
async function brokenJobs({ owner }: Deployment): Promise<string[]> {
  const jobs = await owner<{ error: string }[]>`
    select last_error as error from graphile_worker._private_jobs jobs
    join graphile_worker._private_tasks tasks on tasks.id = task_id
    where identifier = 'process_webhook' and last_error is not null`;
  return jobs
    .filter(({ error }) => internalsIn(error) !== null)
    .map(({ error }) => `a webhook event breaks the worker: ${error.slice(0, 120)}`);
}

function report(tally: Tally, violations: Violation[], watched: WatchResult): ScenarioResult {
  const { kinds, families } = tally;
  return {
    counts: {
      requests: tally.requests,
      "to the API": kinds.api,
      "to webhooks": kinds.webhook,
      "to pages": kinds.page + kinds.auth + kinds.missing + kinds.file,
      "to actions": kinds.action,
      "without mutation": tally.unchanged,
      "log lines": watched.logLines,
      "% memory growth": watched.growth,
      "MB of memory at most": watched.peakMegabytes,
    },
    faults: {
      ...Object.fromEntries(Object.entries(families).map(([family, count]) => [`${family} mutated`, count])),
      pipelines: tally.pipelines,
      refused: tally.refused,
      accepted: tally.accepted,
    },
    violations,
  };
}
