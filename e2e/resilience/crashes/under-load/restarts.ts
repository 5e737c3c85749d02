// Promise: a stop by SIGTERM under load cuts off no request, loses no job and ends with exit code 0.
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { Client } from "../client";
import { Requests } from "../requests";
import type { Load } from "./load";
import { type LoadFixture, runUnderLoad, WORKS_AGAIN_WITHIN_MS } from "./run-under-load";

const AFTER_MS_MAX = 400;
const WORK_WITHIN_MS = 5_000;
const ROUNDS = 3;
// Share of cases with a provider that doesn't respond: each stop then takes ten seconds.
const HANGING_CASES = 0.1;
// What the sandbox accepts without a response (lib/sandbox/scenarios.ts): the caller times out after ten seconds.
const HANGING = { app: ["deposit", "collection", 1_010], worker: ["withdrawal", "payout", 2_007] } as const;
const HANGS_WITHIN_MS = 20_000;

type Restartable = keyof typeof HANGING;

/**
 * SIGTERM to the app and to the worker, as a new release sends it, while ten writers use the API over keep-alive
 * connections. Every accepted request gets its whole response, both processes exit with 0, and no job stays locked. A
 * connection refused or reset while the port closes, or an idle one closed as a request is sent (RFC 9112 §9.3.1), is no
 * violation, provided that the request wasn't carried out.
 */
export const restarts: Scenario = {
  name: "restarts",
  promise: "a stop under load cuts no request, loses no job and ends with 0",
  share: 1,
  run: runRestarts,
};

type Tally = ReturnType<typeof newTally>;

const newTally = () => ({
  ...{ acknowledged: 0, resetConnections: 0, closedIdleConnections: 0, notReady: 0, slowestMs: 0 },
  ...{ restarts: 0, inFlight: 0, runningJobs: 0 },
});

async function runRestarts(plan: ScenarioPlan): Promise<ScenarioResult> {
  const tally = newTally();
  const { violations } = await runUnderLoad(plan, (fixture, load, random) =>
    restartUnder(fixture, load, random, plan, tally),
  );
  return {
    counts: {
      "operations acknowledged": tally.acknowledged,
      "new connections reset by a stop": tally.resetConnections,
      "idle connections closed as a request was sent": tally.closedIdleConnections,
      "times not ready": tally.notReady,
      "ms for a stop at most": tally.slowestMs,
    },
    faults: {
      restarts: tally.restarts,
      "requests in flight at a stop": tally.inFlight,
      "jobs running at a stop": tally.runningJobs,
    },
    violations,
  };
}

async function restartUnder(
  fixture: LoadFixture,
  load: Load,
  random: Random,
  { isSmoke }: ScenarioPlan,
  tally: Tally,
): Promise<string[]> {
  const violations: string[] = [];
  const hanging: { requests: Requests; answered: Promise<unknown> }[] = [];
  const isHanging = !isSmoke && random.chance(HANGING_CASES);
  for (let round = 0; round < (isSmoke ? 1 : ROUNDS); round += 1) {
    for (const name of random.shuffle(["app", "worker"] as const)) {
      if (!(await load.resumes(WORKS_AGAIN_WITHIN_MS)))
        violations.push("nothing was acknowledged for a minute");
      if (isHanging) hanging.push(await startHangingRequest(name, fixture, random));
      violations.push(...(await restart(name, fixture.deployment, load, random, tally)));
    }
  }
  await load.resumes(WORKS_AGAIN_WITHIN_MS);
  await load.stop();
  for (const { requests, answered } of hanging) {
    await answered;
    fixture.expected.push(...requests.expected);
    const { cut, fresh, reused } = requests.client.counts;
    if (cut + fresh + reused > 0)
      violations.push("a request that waited for a hanging provider was cut off by the stop");
    violations.push(...requests.client.violations);
    requests.client.close();
  }
  const { counts } = load.client;
  tally.acknowledged += load.expected.length;
  tally.resetConnections += counts.fresh;
  tally.closedIdleConnections += counts.reused;
  return [...violations, ...checkStops(counts, fixture.deployment)];
}

/** Makes the app (by a deposit) or the worker (by a withdrawal) wait for a provider that doesn't respond. */
async function startHangingRequest(name: Restartable, { deployment, people }: LoadFixture, random: Random) {
  const [type, kind, amount] = HANGING[name];
  const { sandbox, url } = deployment;
  const countHanging = () => sandbox.book.list(kind).filter((entry) => entry.amount === amount).length;
  const before = countHanging();
  const requests = new Requests(new Client(url), random);
  const accepted = [200, "outcome_unknown"];
  const answered = requests.order(type, random.pick(people), "XOF", { amount, accepted });
  await untilPositive(async () => countHanging() - before, HANGS_WITHIN_MS, 20);
  return { requests, answered };
}

async function restart(
  name: Restartable,
  deployment: Deployment,
  { client }: Load,
  random: Random,
  tally: Tally,
): Promise<string[]> {
  await wait(random.int(0, AFTER_MS_MAX));
  // Without work there is nothing to interrupt.
  if (name === "worker")
    tally.runningJobs += await untilPositive(() => countLocked(deployment), WORK_WITHIN_MS);
  else tally.inFlight += await untilPositive(async () => client.inFlight, WORK_WITHIN_MS);
  const stopWatching = name === "app" ? watchReadiness(deployment.url) : null;
  const from = performance.now();
  const code = await deployment.terminate(name);
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
  tally.restarts += 1;
  const violations = code === 0 ? [] : [`the ${name} ended with ${code ?? "a signal"} when it had to stop`];
  const locked = name === "worker" ? await countLocked(deployment) : 0;
  if (locked > 0) violations.push(`${locked} jobs stayed locked when the worker had stopped`);
  const { notReady, readyAgain } = (await stopWatching?.()) ?? { notReady: 0, readyAgain: 0 };
  tally.notReady += notReady;
  if (readyAgain > 0)
    violations.push(`the app reported ready ${readyAgain} times after it had reported not ready`);
  await deployment.revive(name);
  return violations;
}

/** Polls until the count isn't zero, for some time. Returns it. */
async function untilPositive(count: () => Promise<number>, withinMs: number, pauseMs = 1): Promise<number> {
  const deadline = performance.now() + withinMs;
  let found = await count();
  while (found === 0 && performance.now() < deadline) {
    await wait(pauseMs);
    found = await count();
  }
  return found;
}

async function countLocked({ owner }: Deployment): Promise<number> {
  const [row] = await owner<{ jobs: number }[]>`
    select count(*)::int as jobs from graphile_worker._private_jobs where locked_at is not null`;
  return row?.jobs ?? 0;
}

/** Polls the app's readiness as a load balancer does, until the returned function is called. */
function watchReadiness(url: string): () => Promise<{ notReady: number; readyAgain: number }> {
  const client = new Client(url);
  const seen = { notReady: 0, readyAgain: 0 };
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const outcome = await client.send({ method: "GET", path: "/api/health/ready" });
      const status = typeof outcome === "object" && "status" in outcome ? outcome.status : null;
      if (status === 503) seen.notReady += 1;
      else if (status === 200 && seen.notReady > 0) seen.readyAgain += 1;
      await wait(10);
    }
    client.close();
  })();
  return async () => {
    isOver = true;
    await watching;
    return seen;
  };
}

/** Violations that clients saw, or that the app logged, of requests that it had accepted. */
function checkStops(
  { cut, fresh, reused, unavailable, ambiguous, alreadyCommitted }: Client["counts"],
  deployment: Deployment,
): string[] {
  const aborted = fs.readFileSync(deployment.logOf("app"), "utf8").split('"aborted":true').length - 1;
  const unknown = ambiguous - cut - fresh - reused;
  const counted: [number, string][] = [
    [cut, "responses were cut off"],
    [alreadyCommitted, "requests were carried out without a response"],
    [unavailable, "requests were answered with 503 though everything was up"],
    [unknown, "requests were answered with 504 though everything was up"],
    [aborted, "requests were logged as aborted by the app"],
  ];
  return counted.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
