// Promise: whatever was acknowledged survives kill -9 of app, worker and PostgreSQL, and nothing happens twice.
// kill -9 at random moments, while ten writers use the HTTP API. PostgreSQL is killed as a whole, or one backend, or the
// postmaster alone; fsync and synchronous_commit are on. Requests without a response are retried with the same key. This
// isn't a power cut: what a disk forgets isn't tested.
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Case, Tally } from "@/e2e/resilience/run-cases";
import type { Scenario, ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { drawKill, KILLABLE, killAndRestart, renewWorker } from "./kill-processes";
import type { Load } from "./load";
import { runUnderLoad } from "./run-under-load";

const MORE_KILLS_MAX = 2;
const EXTRA_KILLS_MAX = 6;
// The supervisor gives up a process that ends too often (lib/server/supervisor.ts), and the worker ends with each database.
const WORKER_DEATHS_MAX = 2;
const RESUMED = "ms until an operation is acknowledged again, at most";
const [AMBIGUOUS, COMMITTED] = ["ambiguous requests", "of them already committed"];
const killsOf = (name: Killable) => `${name} kills`;

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
  return runUnderLoad(plan, [AMBIGUOUS, COMMITTED, ...KILLABLE.map(killsOf)], { prepare, disturb, count });

  /** Each process once, some more, and then a few while a fault that the run must meet is missing. */
  function* namesOfCase({ client }: Load, { random, tally: { faults } }: Case): Iterable<Killable> {
    yield* random.shuffle(KILLABLE);
    const more = plan.isSmoke ? 0 : random.int(0, MORE_KILLS_MAX);
    for (let extra = 0; extra < more; extra += 1) yield random.pick(KILLABLE);
    for (let extra = 0; extra < EXTRA_KILLS_MAX; extra += 1) {
      const unmet = KILLABLE.find((name) => faults[killsOf(name)] === 0);
      const committed = (faults[COMMITTED] ?? 0) + client.counts.alreadyCommitted;
      if (unmet === undefined && committed > 0) return;
      yield unmet ?? "app";
    }
  }

  async function disturb(deployment: Deployment, load: Load, one: Case): Promise<string[]> {
    const { tally, random } = one;
    let workerDeaths = 0;
    await load.resumes();
    for (const name of namesOfCase(load, one)) {
      const killed = await killAndRestart(deployment, drawKill(random, name));
      for (const each of killed) tally.fault(killsOf(each));
      tally.count({ kills: killed.length });
      const from = performance.now();
      if (!(await load.resumes()))
        return [`nothing succeeded for a minute after ${killed.join(" and ")} died`];
      tally.counts[RESUMED] = Math.max(tally.counts[RESUMED] ?? 0, Math.round(performance.now() - from));
      if (killed.includes("worker")) workerDeaths = 0;
      else if (killed.includes("database")) workerDeaths += 1;
      if (workerDeaths < WORKER_DEATHS_MAX) continue;
      workerDeaths = 0;
      await renewWorker(deployment);
    }
    return [];
  }

  function count({ client, expected, refusals }: Load, tally: Tally): void {
    const dues = expected.filter(({ type }) => type === "tontine_contribution").length;
    tally.count({
      cases: 1,
      "operations acknowledged": expected.length,
      "of them dues": dues,
      refused: refusals,
    });
    tally.fault(AMBIGUOUS, client.counts.ambiguous);
    tally.fault(COMMITTED, client.counts.alreadyCommitted);
  }
}
