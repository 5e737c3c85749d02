// Promise: a stop by SIGTERM under load cuts off no request, loses no job and ends with exit code 0.
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan } from "@/e2e/resilience/scenario";
import { Client } from "../client";
import { Requests } from "../requests";
import type { Load } from "./load";
import { type Disturbance, type LoadFixture, runUnderLoad } from "./run-under-load";

const AFTER_MS_MAX = 400;
const WORK_WITHIN_MS = 5_000;
const ROUNDS = 3;
// Share of cases with a provider that doesn't respond: each stop then takes ten seconds.
const HANGING_CASES = 0.1;
// What the sandbox accepts without a response (lib/sandbox/scenarios.ts): the caller times out after ten seconds.
const HANGING = { app: ["deposit", "collection", 1_010], worker: ["withdrawal", "payout", 2_007] } as const;
const HANGS_WITHIN_MS = 20_000;

const SLOWEST = "ms for a stop at most";

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
  async run(plan) {
    const stops = new Stops(plan);
    const violations = await runUnderLoad(plan, stops);
    return { counts: stops.counts, faults: stops.faults, violations };
  },
};

class Stops implements Disturbance {
  readonly counts = {
    "operations acknowledged": 0,
    "new connections reset by a stop": 0,
    "idle connections closed as a request was sent": 0,
    "times not ready": 0,
    [SLOWEST]: 0,
  };
  readonly faults = { restarts: 0, "requests in flight at a stop": 0, "jobs running at a stop": 0 };

  constructor(private readonly plan: ScenarioPlan) {}

  async disturb(fixture: LoadFixture, load: Load, random: Random): Promise<string[]> {
    const { isSmoke } = this.plan;
    const violations: string[] = [];
    const hanging: HangingRequest[] = [];
    const isHanging = !isSmoke && random.chance(HANGING_CASES);
    for (let round = 0; round < (isSmoke ? 1 : ROUNDS); round += 1) {
      for (const name of random.shuffle(["app", "worker"] as const)) {
        if (!(await load.resumes())) violations.push("nothing was acknowledged for a minute");
        if (isHanging) hanging.push(await startHangingRequest(name, fixture, random));
        await wait(random.int(0, AFTER_MS_MAX));
        violations.push(...(await this.#restart(name, fixture.deployment, load.client)));
      }
    }
    await load.resumes();
    await load.stop();
    for (const one of hanging) violations.push(...(await finishHangingRequest(one, fixture)));
    return [...violations, ...checkStops(load.client.counts, fixture.deployment)];
  }

  count({ client, expected }: Load): void {
    this.counts["operations acknowledged"] += expected.length;
    this.counts["new connections reset by a stop"] += client.counts.fresh;
    this.counts["idle connections closed as a request was sent"] += client.counts.reused;
  }

  async #restart(name: Restartable, deployment: Deployment, client: Client): Promise<string[]> {
    const { counts, faults } = this;
    // Without work there is nothing to interrupt.
    if (name === "app") faults["requests in flight at a stop"] += await untilPositive(() => client.inFlight);
    else faults["jobs running at a stop"] += await untilPositive(() => countLocked(deployment));
    const stopWatching = name === "app" ? watchReadiness(deployment.url) : null;
    const from = performance.now();
    const code = await deployment.terminate(name);
    counts[SLOWEST] = Math.max(counts[SLOWEST], Math.round(performance.now() - from));
    faults.restarts += 1;
    const locked = name === "worker" ? await countLocked(deployment) : 0;
    const { notReady, readyAgain } = (await stopWatching?.()) ?? { notReady: 0, readyAgain: 0 };
    counts["times not ready"] += notReady;
    await deployment.revive(name);
    return [
      ...(code === 0 ? [] : [`the ${name} ended with ${code ?? "a signal"} when it had to stop`]),
      ...describe(locked, "jobs stayed locked when the worker had stopped"),
      ...describe(readyAgain, "times the app reported ready after it had reported not ready"),
    ];
  }
}

type HangingRequest = Awaited<ReturnType<typeof startHangingRequest>>;

/** Makes the app (by a deposit) or the worker (by a withdrawal) wait for a provider that doesn't respond. */
async function startHangingRequest(name: Restartable, { deployment, people }: LoadFixture, random: Random) {
  const [type, kind, amount] = HANGING[name];
  const { sandbox, url } = deployment;
  const countHanging = () => sandbox.book.list(kind).filter((entry) => entry.amount === amount).length;
  const before = countHanging();
  const requests = new Requests(new Client(url), random);
  const accepted = [200, "outcome_unknown"];
  const answered = requests.order(type, random.pick(people), "XOF", { amount, accepted });
  await untilPositive(() => countHanging() - before, HANGS_WITHIN_MS);
  return { requests, answered };
}

/** Waits for the response. A lost connection is a violation. */
async function finishHangingRequest({ requests, answered }: HangingRequest, { expected }: LoadFixture) {
  await answered;
  const { client } = requests;
  client.close();
  expected.push(...requests.expected);
  const lost = client.counts.cut + client.counts.fresh + client.counts.reused;
  return [...client.violations, ...describe(lost, "requests that waited for a provider were cut off")];
}

/** Polls until the count isn't zero, for some time. Returns it. */
async function untilPositive(
  count: () => number | Promise<number>,
  withinMs = WORK_WITHIN_MS,
): Promise<number> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await count();
    if (found > 0 || performance.now() > deadline) return found;
    await wait(1);
  }
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
      const { status } = await client.send({ method: "GET", path: "/api/health/ready" });
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
  return [
    ...describe(cut, "responses were cut off"),
    ...describe(alreadyCommitted, "requests were carried out without a response"),
    ...describe(unavailable, "requests were answered with 503 though everything was up"),
    ...describe(ambiguous - cut - fresh - reused, "requests were answered with 504 though everything was up"),
    ...describe(aborted, "requests were logged as aborted by the app"),
  ];
}

/** A violation unless the count is zero. */
function describe(count: number, what: string): string[] {
  return count > 0 ? [`${count} ${what}`] : [];
}
