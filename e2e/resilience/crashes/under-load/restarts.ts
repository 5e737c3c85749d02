// Promise: a stop by SIGTERM under load cuts off no request, loses no job and ends with exit code 0.
// SIGTERM to the app and to the worker, as a new release sends it, while ten writers use the API over keep-alive
// connections. Every accepted request gets its whole response, both processes exit with 0, and no job stays locked. A
// connection refused or reset while the port closes, or an idle one closed as a request is sent (RFC 9112 §9.3.1), is no
// violation, provided that the request wasn't carried out.
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@/e2e/resilience/deployment";
import type { Case, Tally } from "@/e2e/resilience/run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import type { Client } from "../client";
import type { Load } from "./load";
import { runUnderLoad } from "./run-under-load";

const AFTER_MS_MAX = 400;
const WORK_WITHIN_MS = 5_000;
const ROUNDS = 3;
const SLOWEST = "ms for a stop at most";
const [IN_FLIGHT, RUNNING] = ["requests in flight at a stop", "jobs running at a stop"];

export const restarts: Scenario = {
  name: "restarts",
  promise: "a stop under load cuts no request, loses no job and ends with 0",
  share: 1,
  run: runRestarts,
};

function runRestarts(plan: ScenarioPlan): Promise<ScenarioResult> {
  return runUnderLoad(plan, ["restarts", IN_FLIGHT, RUNNING], { disturb, count });

  async function disturb(deployment: Deployment, load: Load, { random, tally }: Case): Promise<string[]> {
    const violations: string[] = [];
    for (let round = 0; round < (plan.isSmoke ? 1 : ROUNDS); round += 1) {
      for (const name of random.shuffle(["app", "worker"] as const)) {
        if (!(await load.resumes())) violations.push("nothing was acknowledged for a minute");
        await wait(random.int(0, AFTER_MS_MAX));
        violations.push(...(await restart(deployment, load.client, name, tally)));
      }
    }
    await load.resumes();
    await load.stop();
    return [...violations, ...checkStops(load.client.counts, deployment)];
  }

  function count({ client, expected }: Load, tally: Tally): void {
    tally.count({
      "operations acknowledged": expected.length,
      "new connections reset by a stop": client.counts.fresh,
      "idle connections closed as a request was sent": client.counts.reused,
    });
  }
}

async function restart(deployment: Deployment, client: Client, name: "app" | "worker", tally: Tally) {
  // Without work there is nothing to interrupt.
  if (name === "app") tally.fault(IN_FLIGHT, await untilPositive(() => client.inFlight));
  else tally.fault(RUNNING, await untilPositive(() => countLocked(deployment)));
  const from = performance.now();
  const code = await deployment.terminate(name);
  tally.counts[SLOWEST] = Math.max(tally.counts[SLOWEST] ?? 0, Math.round(performance.now() - from));
  tally.fault("restarts");
  const locked = name === "worker" ? await countLocked(deployment) : 0;
  await deployment.revive(name);
  return [
    ...(code === 0 ? [] : [`the ${name} ended with ${code ?? "a signal"} when it had to stop`]),
    ...violationUnlessZero(locked, "jobs stayed locked when the worker had stopped"),
  ];
}

/** Polls until the count isn't zero, for some time. Returns it. */
async function untilPositive(count: () => number | Promise<number>): Promise<number> {
  const deadline = performance.now() + WORK_WITHIN_MS;
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

/** Violations that clients saw, or that the app logged, of requests that it had accepted. */
function checkStops(
  { cut, fresh, reused, unavailable, ambiguous, alreadyCommitted }: Client["counts"],
  deployment: Deployment,
): string[] {
  const aborted = fs.readFileSync(deployment.logOf("app"), "utf8").split('"aborted":true').length - 1;
  const counts = {
    "responses were cut off": cut,
    "requests were carried out without a response": alreadyCommitted,
    "requests were answered with 503 though everything was up": unavailable,
    "requests were answered with 504 though everything was up": ambiguous - cut - fresh - reused,
    "requests were logged as aborted by the app": aborted,
  };
  return Object.entries(counts).flatMap(([what, number]) => violationUnlessZero(number, what));
}

function violationUnlessZero(count: number, what: string): string[] {
  return count > 0 ? [`${count} ${what}`] : [];
}
