import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import { isAlive } from "@/lib/cli/bootstrap/process.mjs";

/** Processes that are killed together, after how long, and for how long they stay dead. */
export interface Kill {
  targets: readonly Target[];
  afterMs: number;
  deadForMs: number;
}

interface Target {
  name: Killable;
  /** A process with all its children; or of the database one backend, or the postmaster alone. */
  how: "whole" | "backend" | "postmaster";
  /** Draws the backend. */
  which: number;
}

export const KILLABLE: readonly Killable[] = ["app", "worker", "database"];
const DATABASE_KILLS = { whole: 6, backend: 3, postmaster: 1 } as const;
const AFTER_MS_MAX = 450;
const DEAD_FOR_MS_MAX = 250;
const TWO_AT_ONCE = 0.2;

/** A kill of `first`, now and then together with another process. */
export function drawKill(random: Random, first: Killable): Kill {
  const others = KILLABLE.filter((name) => name !== first);
  const names = random.chance(TWO_AT_ONCE) ? [first, random.pick(others)] : [first];
  return {
    targets: names.map((name) => ({
      name,
      how: name === "database" ? random.weighted(DATABASE_KILLS) : "whole",
      which: random.int(0, 15),
    })),
    afterMs: random.int(0, AFTER_MS_MAX),
    deadForMs: random.int(0, DEAD_FOR_MS_MAX),
  };
}

/** Kills, waits and restarts. Returns the processes that were alive to be killed. */
export async function killAndRestart(
  deployment: Deployment,
  { targets, afterMs, deadForMs }: Kill,
): Promise<Killable[]> {
  // The worker ends with the database, and may be restarting.
  const workerPid = deployment.pidOf("worker");
  if (targets.some(({ name }) => name === "worker") && !(workerPid !== undefined && isAlive(workerPid)))
    await renewWorker(deployment);
  await wait(afterMs);
  const killed = targets.filter((target) => kill(deployment, target)).map(({ name }) => name);
  await wait(deadForMs);
  await Promise.all(
    targets.map(async ({ name, how }) => {
      // After the loss of a backend the postmaster recovers by itself.
      if (how !== "backend") await deployment.revive(name);
      if (name === "database") await untilDatabaseAnswers(deployment);
    }),
  );
  return killed;
}

/** False when there is no such process. */
function kill(deployment: Deployment, { name, how, which }: Target): boolean {
  const pid = deployment.pidOf(name);
  if (pid === undefined || !isAlive(pid)) return false;
  if (how === "whole") {
    deployment.kill(name);
    return true;
  }
  const backends = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(isBackend);
  const chosen = how === "backend" ? Number(backends[which % backends.length] ?? 0) : pid;
  return chosen > 1 && process.kill(chosen, "SIGKILL");
}

/** True for a backend of the application's role, by its process title: `postgres: cauris_app postgres 127.0.0.1(…) COMMIT`. */
function isBackend(pid: string): boolean {
  try {
    return pid !== "" && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("cauris_app");
  } catch {
    return false;
  }
}

/** Starts the worker again under a new supervisor. */
export async function renewWorker(deployment: Deployment): Promise<void> {
  deployment.kill("worker");
  await deployment.revive("worker");
}

const ANSWERS_WITHIN_MS = 60_000;

async function untilDatabaseAnswers({ owner }: Deployment): Promise<void> {
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  const isAnswering = () => owner`select 1`.then(Boolean, () => false);
  while (!(await isAnswering()) && performance.now() < deadline) await wait(20);
}
