// Promise: whatever was acknowledged survives kill -9 of app, worker and PostgreSQL, and nothing happens twice.
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { drawKill, KILLABLE, type Kill, killAndRestart, renewWorker } from "./kill-processes";
import type { Load } from "./load";
import { type LoadFixture, runUnderLoad, WORKS_AGAIN_WITHIN_MS } from "./run-under-load";

const MORE_KILLS_MAX = 2;
const EXTRA_KILLS_MAX = 6;
// The supervisor gives up a process that ends too often (lib/server/supervisor.ts), and the worker ends with each database.
const WORKER_DEATHS_MAX = 2;

/**
 * kill -9 at random moments, while ten writers use the HTTP API. PostgreSQL is killed as a whole, or one backend, or the
 * postmaster alone; fsync and synchronous_commit are on. Requests without a response are retried with the same key. This
 * isn't a power cut: what a disk forgets isn't tested.
 */
export const kills: Scenario = {
  name: "kills",
  promise: "nothing acknowledged is lost and nothing doubled by kill -9",
  share: 4,
  run: (plan) => runKills(plan),
};

interface Tally {
  kills: Record<Killable, number>;
  slowestMs: number;
  acknowledged: number;
  refusals: number;
  ambiguous: number;
  alreadyCommitted: number;
}

/** `prepare` gets each deployment at its start: a control weakens the database there, and the kills must show it. */
export async function runKills(
  plan: ScenarioPlan,
  prepare?: (deployment: Deployment) => Promise<unknown>,
): Promise<ScenarioResult> {
  const tally: Tally = {
    kills: { app: 0, worker: 0, database: 0 },
    ...{ slowestMs: 0, acknowledged: 0, refusals: 0, ambiguous: 0, alreadyCommitted: 0 },
  };
  const disturb = async ({ deployment }: LoadFixture, load: Load, random: Random): Promise<string[]> => {
    const violations = await killUnder(load, deployment, killsOfCase(load, random, plan, tally), tally);
    await load.stop();
    tally.acknowledged += load.expected.length;
    tally.refusals += load.refusals;
    tally.ambiguous += load.client.counts.ambiguous;
    tally.alreadyCommitted += load.client.counts.alreadyCommitted;
    return violations;
  };
  const { cases, violations } = await runUnderLoad(plan, disturb, prepare);
  const { app, worker, database } = tally.kills;
  return {
    counts: {
      cases,
      kills: app + worker + database,
      "operations acknowledged": tally.acknowledged,
      refused: tally.refusals,
      "ms until an operation is acknowledged again, at most": tally.slowestMs,
    },
    faults: {
      "ambiguous requests": tally.ambiguous,
      "of them already committed": tally.alreadyCommitted,
      "database kills": database,
      "app kills": app,
      "worker kills": worker,
    },
    violations,
  };
}

/** Each process once, some more, and then a few while a fault that the run must meet is missing. */
function* killsOfCase(
  { client }: Load,
  random: Random,
  { isSmoke }: ScenarioPlan,
  tally: Tally,
): Iterable<Kill> {
  const more = Array.from({ length: isSmoke ? 0 : random.int(0, MORE_KILLS_MAX) }, () =>
    random.pick(KILLABLE),
  );
  for (const name of [...random.shuffle(KILLABLE), ...more]) yield drawKill(random, name);
  for (let extra = 0; extra < EXTRA_KILLS_MAX; extra += 1) {
    const unmet = KILLABLE.find((name) => tally.kills[name] === 0);
    if (unmet === undefined && tally.alreadyCommitted + client.counts.alreadyCommitted > 0) return;
    yield drawKill(random, unmet ?? "app");
  }
}

async function killUnder(
  load: Load,
  deployment: Deployment,
  drawn: Iterable<Kill>,
  tally: Tally,
): Promise<string[]> {
  let workerDeaths = 0;
  await load.resumes(WORKS_AGAIN_WITHIN_MS);
  for (const kill of drawn) {
    const killed = await killAndRestart(deployment, kill);
    for (const name of killed) tally.kills[name] += 1;
    const from = performance.now();
    if (!(await load.resumes(WORKS_AGAIN_WITHIN_MS)))
      return [`nothing was acknowledged for a minute after ${killed.join(" and ")} was restarted`];
    tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
    if (killed.includes("worker")) workerDeaths = 0;
    else if (killed.includes("database")) workerDeaths += 1;
    if (workerDeaths < WORKER_DEATHS_MAX) continue;
    workerDeaths = 0;
    await renewWorker(deployment);
  }
  return [];
}
