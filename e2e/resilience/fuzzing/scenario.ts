// Promise: no mutated request causes a server error, a leak of internals or a change for others. Valid requests are drawn from
// the OpenAPI document and the forms' schemas and mutated: each is answered as documented, with the headers of every
// response; app and worker neither end, grow nor log an unexpected error; the ledger's invariants hold afterwards.
import { setTimeout as wait } from "node:timers/promises";
import { type Deployment, startDeployment } from "../deployment";
import type { Random } from "../random";
import { changedTables, openStateReader } from "../requests/state-diff";
import type { Tally } from "../run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "../scenario";
import { internalsIn } from "./check-response";
import { allEndpoints, type FuzzEndpoint } from "./endpoints";
import { newTally, sendMutated, sendPipeline } from "./fuzz-driver";
import { watchDeployment } from "./watch-deployment";
import { createWorld, resetLimits, type World } from "./world";

const WORKERS = 10;
const RESET_LIMITS_EVERY_MS = 2_000;
const CASES_LEAST = 6;
const SMOKE_CASES = 8;
const PIPELINES = 3;
const QUICK_A_CASE = 4;
const SLOW_A_CASE = 70;
const VIOLATIONS_MAX = 200;

/** Requests to every API route, webhook, page and server action. */
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
  const bystanders = world.bystanders.map(({ user }) => user);
  const readState = await openStateReader(deployment.owner);
  await untilNoticesAreSent(deployment);
  const before = await readState(bystanders);
  const tally = newTally();
  const stopWatching = watchDeployment(deployment, () => tally.counts.requests ?? 0);
  const resetting = setInterval(() => void resetLimits(world).catch(() => {}), RESET_LIMITS_EVERY_MS);
  const bounds = { least: CASES_LEAST, ...(plan.isSmoke ? { most: SMOKE_CASES } : {}) };
  const cases = plan.cases(bounds)[Symbol.iterator]();
  const workers = Array.from({ length: WORKERS }, () => work({ world, plan, tally, cases }));
  await Promise.all(workers).finally(() => clearInterval(resetting));
  const watched = stopWatching();
  const changed = changedTables(before, await readState(bystanders));
  const problems = [
    ...watched.problems,
    ...(await deployment.audit()),
    ...(changed.length > 0 ? [`rows of bystanders changed in ${changed.join(", ")}`] : []),
    ...(await brokenJobs(deployment)),
  ];
  tally.violate(0, problems);
  const { logLines, growth, peakMegabytes } = watched;
  tally.count({ "log lines": logLines, "% memory growth": growth, "MB of memory at most": peakMegabytes });
  return tally;
}

const NOTICES_SENT_WITHIN_MS = 30_000;

/** The worker makes messages of notices a moment later, also of those about how people were created. */
async function untilNoticesAreSent({ owner }: Deployment): Promise<void> {
  const deadline = performance.now() + NOTICES_SENT_WITHIN_MS;
  const findWaiting = () => owner`
    select 1 from notices where queued_at is null union all
    select 1 from graphile_worker.jobs where task_identifier = 'deliver_notice' and run_at <= now() limit 1`;
  while ((await findWaiting()).length > 0 && performance.now() < deadline) await wait(50);
}

interface Work {
  world: World;
  plan: ScenarioPlan;
  tally: Tally;
  cases: Iterator<number>;
}

async function work({ world, plan, tally, cases }: Work): Promise<void> {
  const endpoints = allEndpoints(world);
  const quick = endpoints.filter(({ speed }) => speed === "quick");
  for (let next = cases.next(); next.done !== true; next = cases.next()) {
    const number = next.value;
    const random = plan.random(number);
    const add = (problems: readonly string[]) => tally.violate(number, problems);
    for (const endpoint of roundOf(endpoints, number, random)) {
      if (plan.signal.aborted || tally.violations.length > VIOLATIONS_MAX) break;
      add(await sendMutated(world, tally, endpoint, random));
    }
    for (let left = PIPELINES; left > 0; left -= 1) add(await sendPipeline(world, tally, quick, random));
    plan.progress(`fuzzing: ${tally.counts.requests} requests`);
  }
}

/** The endpoints of one case: quick ones several times, some of the slow ones, one of the slowest in turn. */
function roundOf(endpoints: readonly FuzzEndpoint[], number: number, random: Random): FuzzEndpoint[] {
  const of = (wanted: FuzzEndpoint["speed"]) => endpoints.filter(({ speed }) => speed === wanted);
  const [slowest, slow] = [of("slowest"), random.shuffle(of("slow")).slice(0, SLOW_A_CASE)];
  const quick = of("quick").flatMap((endpoint) => {
    return Array.from(
      { length: endpoint.kind === "webhook" ? 2 * QUICK_A_CASE : QUICK_A_CASE },
      () => endpoint,
    );
  });
  return random.shuffle([...quick, ...slow, ...[slowest[number % slowest.length] ?? []].flat()]);
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
