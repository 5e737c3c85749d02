import { execFile } from "node:child_process";
import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import { isAlive } from "@/lib/cli/bootstrap/process.mjs";

/** Processes that are killed together, after how long, and for how long they stay dead. */
export interface Kill {
  targets: readonly { name: Killable; how: How; which: number }[];
  afterMs: number;
  deadForMs: number;
}

/** A process with its children; of the database all of it as when its machine dies, one backend, or the postmaster alone. */
type How = "group" | "database" | "backend" | "postmaster";

export const KILLABLE: readonly Killable[] = ["app", "worker", "database"];
const DATABASE_KILLS = { database: 6, backend: 3, postmaster: 1 } as const;
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
  { targets, afterMs, deadForMs }: Kill,
): Promise<Killable[]> {
  // The worker ends with the database, and may be restarting.
  const workerPid = deployment.pidOf("worker");
  if (targets.some(({ name }) => name === "worker") && !(workerPid !== undefined && isAlive(workerPid)))
    await renewWorker(deployment);
  const commands = targets.map(({ name, how, which }) => {
    return `${commandOf(deployment.pidOf(name) ?? 0, how, which)} && echo ${name}`;
  });
  // In a process of its own: in the clients' process a kill could only happen between their requests.
  const script = [`sleep ${afterMs / 1_000}`, ...commands, "true"].join("\n");
  const { stdout } = await promisify(execFile)("sh", ["-c", script]);
  // Tells the deployment, so that its supervisor doesn't restart it.
  for (const { name, how } of targets) if (how === "group") deployment.kill(name);
  await wait(deadForMs);
  await Promise.all(
    targets.map(async ({ name, how }) => {
      // After the loss of a backend the postmaster recovers by itself.
      if (how !== "backend") await deployment.revive(name);
      if (name === "database") await untilDatabaseAnswers(deployment);
    }),
  );
  return targets.map(({ name }) => name).filter((name) => stdout.split("\n").includes(name));
}

/** A shell command that fails when the process doesn't exist. */
function commandOf(pid: number, how: How, which: number): string {
  // 0 and -1 would signal our own process group, or everything.
  if (pid <= 1) return "false";
  const children = `/proc/${pid}/task/${pid}/children`;
  switch (how) {
    case "group":
      return `kill -9 -${pid}`;
    case "postmaster":
      return `kill -9 ${pid}`;
    case "database":
      // Stopped first, or it would start to recover when its children are gone.
      return `kill -STOP ${pid} && { kill -9 $(cat ${children}) ${pid} || true; }`;
    case "backend": {
      const backends = fs.readFileSync(children, "utf8").split(" ").filter(isBackend);
      return backends.length === 0 ? "false" : `kill -9 ${backends[which % backends.length]}`;
    }
  }
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
