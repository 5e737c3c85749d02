// Promise: whatever was acknowledged survives kill -9 of app, worker and PostgreSQL, and nothing happens twice.
// kill -9 at random moments, while ten writers use the HTTP API. PostgreSQL is killed as a whole, or one backend, or the
// postmaster alone; fsync and synchronous_commit are on. Requests without a response are retried with the same key. This
// isn't a power cut: what a disk forgets isn't tested.
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { drawKill, KILLABLE, killAndRestart, renewWorker } from "./kill-processes";
import type { Load } from "./load";
import { runUnderLoad } from "./run-under-load";

const MORE_KILLS_MAX = 2;
const EXTRA_KILLS_MAX = 6;
// The supervisor gives up a process that ends too often (lib/server/supervisor.ts), and the worker ends with each database.
const WORKER_DEATHS_MAX = 2;
const RESUMED = "ms until an operation is acknowledged again, at most";

export const kills: Scenario = {
  name: "kills",
  promise: "nothing acknowledged is lost and nothing doubled by kill -9",
  share: 4,
  run: (plan) => runKills(plan),
};

/** `prepare` gets each deployment at its start: a control weakens the database there, and the kills must show it. */
export function runKills(
  plan: ScenarioPlan,
  prepare?: (deployment: Deployment) => Promise<unknown>,
): Promise<ScenarioResult> {
  const counts = { cases: 0, kills: 0, "operations acknowledged": 0, refused: 0, [RESUMED]: 0 };
  const faults = {
    "ambiguous requests": 0,
    "of them already committed": 0,
    ...{ "database kills": 0, "app kills": 0, "worker kills": 0 },
  };
  /** Each process once, some more, and then a few while a fault that the run must meet is missing. */
  function* namesOfCase({ client }: Load, random: Random): Iterable<Killable> {
    yield* random.shuffle(KILLABLE);
    const more = plan.isSmoke ? 0 : random.int(0, MORE_KILLS_MAX);
    for (let extra = 0; extra < more; extra += 1) yield random.pick(KILLABLE);
    for (let extra = 0; extra < EXTRA_KILLS_MAX; extra += 1) {
      const unmet = KILLABLE.find((name) => faults[`${name} kills`] === 0);
      const committed = faults["of them already committed"] + client.counts.alreadyCommitted;
      if (unmet === undefined && committed > 0) return;
      yield unmet ?? "app";
    }
  }
  async function disturb(deployment: Deployment, load: Load, random: Random): Promise<string[]> {
    let workerDeaths = 0;
    await load.resumes();
    for (const name of namesOfCase(load, random)) {
      const killed = await killAndRestart(deployment, drawKill(random, name));
      for (const one of killed) faults[`${one} kills`] += 1;
      counts.kills += killed.length;
      const from = performance.now();
      if (!(await load.resumes()))
        return [`nothing succeeded for a minute after ${killed.join(" and ")} died`];
      counts[RESUMED] = Math.max(counts[RESUMED], Math.round(performance.now() - from));
      if (killed.includes("worker")) workerDeaths = 0;
      else if (killed.includes("database")) workerDeaths += 1;
      if (workerDeaths < WORKER_DEATHS_MAX) continue;
      workerDeaths = 0;
      await renewWorker(deployment);
    }
    return [];
  }
  function count({ client, expected, refusals }: Load): void {
    counts.cases += 1;
    counts["operations acknowledged"] += expected.length;
    counts.refused += refusals;
    faults["ambiguous requests"] += client.counts.ambiguous;
    faults["of them already committed"] += client.counts.alreadyCommitted;
  }
  return runUnderLoad(plan, { counts, faults, prepare, disturb, count });
}
