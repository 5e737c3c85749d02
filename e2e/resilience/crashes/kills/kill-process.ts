import { setTimeout as wait } from "node:timers/promises";
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import { isAlive } from "@/lib/cli/bootstrap/process.mjs";
import type { KillTarget } from "./killer-process";
import type { Killer } from "./start-killer";

/** Processes that are killed together, after how long, and for how long they stay dead. */
export interface Kill {
  targets: readonly { name: Killable; how: KillTarget["how"]; which: number }[];
  afterMs: number;
  deadForMs: number;
}

export const KILLABLE: readonly Killable[] = ["app", "worker", "database"];
const AFTER_MS_MAX = 450;
const DEAD_FOR_MS_MAX = 250;
const MORE_KILLS_MAX = 2;
const TWO_AT_ONCE = 0.2;
/** The whole database as when its machine dies, one backend, or the postmaster alone. */
const DATABASE_KILLS = { database: 6, backend: 3, postmaster: 1 } as const;

/** The kills of one case: each process is killed at least once. */
export function drawKills(random: Random, isSmoke: boolean): Kill[] {
  const more = isSmoke ? 0 : random.int(0, MORE_KILLS_MAX);
  const names = [...random.shuffle(KILLABLE), ...Array.from({ length: more }, () => random.pick(KILLABLE))];
  return names.map((name) => drawKill(random, name));
}

/** A kill of `first`, now and then together with another process. */
export function drawKill(random: Random, first: Killable): Kill {
  const others = KILLABLE.filter((name) => name !== first);
  const names = random.chance(TWO_AT_ONCE) ? [first, random.pick(others)] : [first];
  return {
    targets: names.map((name) => ({
      name,
      how: name === "database" ? random.weighted(DATABASE_KILLS) : "group",
      which: random.int(0, 15),
    })),
    afterMs: random.int(0, AFTER_MS_MAX),
    deadForMs: random.int(0, DEAD_FOR_MS_MAX),
  };
}

/** Kills, waits and restarts. Returns the processes that were alive to be killed. */
export async function killAndRestart(
  deployment: Deployment,
  killer: Killer,
  kill: Kill,
): Promise<Killable[]> {
  const { targets, afterMs, deadForMs } = kill;
  // The worker ends with the database, and may be restarting.
  if (targets.some(({ name }) => name === "worker")) await ensureWorkerRuns(deployment);
  const pids = targets.map(({ name, how, which }) => ({ pid: deployment.pidOf(name) ?? 0, how, which }));
  const killed = await killer.kill({ afterMs, targets: pids });
  // Tells the deployment, so that its supervisor doesn't restart it.
  for (const { name, how } of targets) if (how === "group") deployment.kill(name);
  await wait(deadForMs);
  await Promise.all(targets.map(({ name, how }) => restart(deployment, name, how)));
  return targets.filter((_, index) => killed[index]).map(({ name }) => name);
}

async function ensureWorkerRuns(deployment: Deployment): Promise<void> {
  const pid = deployment.pidOf("worker");
  if (pid !== undefined && isAlive(pid)) return;
  deployment.kill("worker");
  await deployment.revive("worker");
}

async function restart(deployment: Deployment, name: Killable, how: KillTarget["how"]): Promise<void> {
  // After the loss of a backend the postmaster recovers by itself.
  if (how !== "backend") await deployment.revive(name);
  if (name === "database") await untilDatabaseAnswers(deployment);
}

const ANSWERS_WITHIN_MS = 60_000;

async function untilDatabaseAnswers(deployment: Deployment): Promise<void> {
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  for (;;) {
    try {
      await deployment.owner`select 1`;
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await wait(20);
    }
  }
}

// The supervisor gives up a process that ends too often (lib/server/supervisor.ts), and the worker ends with each database.
const DEATHS_BETWEEN = 2;

/** Gives the worker a new supervisor before the old one gives up. */
export function createWorkerSupervision(deployment: Deployment): {
  after(killed: readonly Killable[]): Promise<void>;
} {
  let deaths = 0;
  return {
    async after(killed) {
      if (killed.includes("worker")) deaths = 0;
      else if (killed.includes("database")) deaths += 1;
      if (deaths < DEATHS_BETWEEN) return;
      deaths = 0;
      deployment.kill("worker");
      await deployment.revive("worker");
    },
  };
}
