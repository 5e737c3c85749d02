import { setTimeout as wait } from "node:timers/promises";
import type { Deployment, Killable } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import { isAlive } from "@/lib/cli/bootstrap/process.mjs";
import type { Victim } from "./killer";
import type { Killer } from "./start-killer";

/** What dies together, when, and for how long it stays dead. */
export interface Strike {
  victims: readonly { part: Killable; how: Victim["how"]; which: number }[];
  afterMs: number;
  deadForMs: number;
}

export const KILLABLE: readonly Killable[] = ["app", "worker", "database"];
const AFTER_MS_MAX = 450;
const DEAD_FOR_MS_MAX = 250;
const MORE_STRIKES_MAX = 2;
const TWO_AT_ONCE = 0.2;
/** As often as a whole machine's database dies, one of its processes does. */
const DATABASE_DEATHS = { database: 6, backend: 3, postmaster: 1 } as const;

/** The kills of one case: each part dies at least once. */
export function drawStrikes(random: Random, isSmoke: boolean): Strike[] {
  const more = isSmoke ? 0 : random.int(0, MORE_STRIKES_MAX);
  const parts = [...random.shuffle(KILLABLE), ...Array.from({ length: more }, () => random.pick(KILLABLE))];
  return parts.map((part) => drawStrike(random, part));
}

/** A death of `first`, now and then together with another. */
export function drawStrike(random: Random, first: Killable): Strike {
  const others = KILLABLE.filter((part) => part !== first);
  const parts = random.chance(TWO_AT_ONCE) ? [first, random.pick(others)] : [first];
  return {
    victims: parts.map((part) => ({
      part,
      how: part === "database" ? random.weighted(DATABASE_DEATHS) : "group",
      which: random.int(0, 15),
    })),
    afterMs: random.int(0, AFTER_MS_MAX),
    deadForMs: random.int(0, DEAD_FOR_MS_MAX),
  };
}

/** Kills, waits and brings back what died. Answers which parts were there to be killed. */
export async function strikeDown(
  deployment: Deployment,
  killer: Killer,
  strike: Strike,
): Promise<Killable[]> {
  const { victims, afterMs, deadForMs } = strike;
  // It ends by itself with the database, and may be on its way back.
  if (victims.some(({ part }) => part === "worker")) await untilWorkerLives(deployment);
  const pids = victims.map(({ part, how, which }) => ({ pid: deployment.pidOf(part) ?? 0, how, which }));
  const killed = await killer.kill({ afterMs, victims: pids });
  // The deployment hears of it, so that only we bring it back.
  for (const { part, how } of victims) if (how === "group") deployment.kill(part);
  await wait(deadForMs);
  await Promise.all(victims.map(({ part, how }) => bringBack(deployment, part, how)));
  return victims.filter((_, index) => killed[index]).map(({ part }) => part);
}

async function untilWorkerLives(deployment: Deployment): Promise<void> {
  const pid = deployment.pidOf("worker");
  if (pid !== undefined && isAlive(pid)) return;
  deployment.kill("worker");
  await deployment.revive("worker");
}

async function bringBack(deployment: Deployment, part: Killable, how: Victim["how"]): Promise<void> {
  // A postmaster that lost a backend recovers by itself.
  if (how !== "backend") await deployment.revive(part);
  if (part === "database") await untilItAnswers(deployment);
}

const ANSWERS_WITHIN_MS = 60_000;

async function untilItAnswers(deployment: Deployment): Promise<void> {
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

// The launcher gives a part up that dies too often (lib/server/supervisor.ts); a worker ends with each database.
const DEATHS_BETWEEN = 2;

/** Gives the worker a new supervisor before the old one has had enough. */
export function createWorkerCare(deployment: Deployment): {
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
