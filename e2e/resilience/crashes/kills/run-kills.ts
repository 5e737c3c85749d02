import fs from "node:fs";
import path from "node:path";
import { type Killable, startDeployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import { createApiClient } from "./api-client";
import { checkCase, findLost, type LoadFixture, newestOperation } from "./check-books";
import type { ClientLog } from "./client-log";
import {
  createWorkerSupervision,
  drawKill,
  drawKills,
  KILLABLE,
  type Kill,
  killAndRestart,
} from "./kill-process";
import { type Load, startLoad } from "./load";
import { startPayers } from "./payers";
import { createPeople } from "./people";
import { replayKeys } from "./send-until-definite";
import { waitUntilSettled } from "./settle";
import { type Killer, startKiller } from "./start-killer";

const WRITERS = 10;
const PEOPLE = 12;
// The checks read the whole ledger: a new deployment keeps them short.
const CASES_PER_DEPLOYMENT = 40;
const WORKS_AGAIN_WITHIN_MS = 60_000;
const EXTRA_KILLS_MAX = 6;
// As many retries as a real provider makes, so that every webhook arrives in the end.
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, ...Array.from({ length: 60 }, () => 1_000)];

export interface KillsOptions {
  /** A control: the database commits asynchronously, and the kills must show that it loses operations. */
  isForgetful?: boolean;
}

interface Fixture extends LoadFixture {
  killer: Killer;
}

interface Tally {
  acknowledged: number;
  refusals: number;
  ambiguous: number;
  alreadyCommitted: number;
  slowestMs: number;
  kills: Record<Killable, number>;
  violations: Violation[];
}

/** Kills processes under load, case by case, and checks the books after each. */
export async function runKills(
  plan: ScenarioPlan,
  { isForgetful = false }: KillsOptions = {},
): Promise<ScenarioResult> {
  const tally: Tally = {
    acknowledged: 0,
    refusals: 0,
    ambiguous: 0,
    alreadyCommitted: 0,
    slowestMs: 0,
    kills: { app: 0, worker: 0, database: 0 },
    violations: [],
  };
  let fixture: Fixture | undefined;
  let cases = 0;
  try {
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      if (fixture && cases % CASES_PER_DEPLOYMENT === 0)
        fixture = await closeAfterLastCheck(fixture, number, tally);
      fixture ??= await openFixture(path.join(plan.home, `from ${number}`), isForgetful);
      cases += 1;
      const violations = await runCase(fixture, plan, number, tally);
      tally.violations.push(...violations.map((what) => ({ case: number, what })));
      plan.progress(`kills: ${cases} cases, ${killsOf(tally)} kills, ${tally.violations.length} violations`);
      if (violations.length > 0) break;
    }
    if (fixture && tally.violations.length === 0)
      fixture = await closeAfterLastCheck(fixture, cases - 1, tally);
  } finally {
    if (fixture) await closeFixture(fixture);
  }
  return resultOf(tally, cases);
}

async function openFixture(home: string, isForgetful: boolean): Promise<Fixture> {
  fs.mkdirSync(home, { recursive: true });
  const killer = await startKiller();
  try {
    const deployment = await startDeployment({
      home,
      pages: false,
      sandbox: { retryDelaysMs: RETRY_DELAYS_MS },
    });
    if (isForgetful) await deployment.owner`alter role cauris_app set synchronous_commit = off`;
    const people = await createPeople(deployment, PEOPLE);
    return { deployment, killer, client: createApiClient(deployment.url), people, acknowledged: [] };
  } catch (error) {
    await killer.stop();
    throw error;
  }
}

/** Closes a deployment, after checking that everything acknowledged in its cases is still there. */
async function closeAfterLastCheck(
  fixture: Fixture,
  number: number,
  { violations }: Tally,
): Promise<undefined> {
  const lost = await findLost(fixture.deployment.owner, fixture.acknowledged);
  violations.push(...lost.map((what) => ({ case: number, what })));
  await closeFixture(fixture);
  return undefined;
}

async function closeFixture({ deployment, killer, client }: Fixture): Promise<void> {
  client.close();
  await killer.stop();
  await deployment.stop();
}

async function runCase(
  fixture: Fixture,
  plan: ScenarioPlan,
  number: number,
  tally: Tally,
): Promise<string[]> {
  const { deployment, client, people } = fixture;
  const afterId = await newestOperation(deployment.owner);
  const load = startLoad({ client, people, writers: WRITERS, seed: `${plan.seed}/kills/${number}` });
  const payers = startPayers(deployment.sandbox);
  const random = plan.random(number);
  const violations = await killUnder(load, fixture, killsOfCase(load, random, plan, tally), tally);
  await load.stop();
  await payers.stop();
  const { log } = load;
  count(log, tally);
  violations.push(...log.violations);
  if (!(await waitUntilSettled(deployment)))
    violations.push("the deployment had not settled a minute after the last kill");
  violations.push(...(await replayKeys(client, log, random)));
  return [...violations, ...(await checkCase(fixture, log, afterId))];
}

/** The kills of a case, and a few more while a fault that the run must meet is missing. */
function* killsOfCase(
  { log }: Load,
  random: Random,
  { isSmoke }: ScenarioPlan,
  tally: Tally,
): Iterable<Kill> {
  yield* drawKills(random, isSmoke);
  for (let extra = 0; extra < EXTRA_KILLS_MAX; extra += 1) {
    const unmet = KILLABLE.find((name) => tally.kills[name] === 0);
    const hasCommitted = tally.alreadyCommitted + log.alreadyCommitted > 0;
    if (unmet === undefined && hasCommitted) return;
    yield drawKill(random, unmet ?? "app");
  }
}

async function killUnder(
  load: Load,
  { deployment, killer }: Fixture,
  kills: Iterable<Kill>,
  tally: Tally,
): Promise<string[]> {
  const supervision = createWorkerSupervision(deployment);
  await load.resumes(WORKS_AGAIN_WITHIN_MS);
  for (const kill of kills) {
    const killed = await killAndRestart(deployment, killer, kill);
    for (const name of killed) tally.kills[name] += 1;
    const from = performance.now();
    if (!(await load.resumes(WORKS_AGAIN_WITHIN_MS))) {
      return [`nothing was acknowledged for a minute after ${killed.join(" and ")} was restarted`];
    }
    tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
    await supervision.after(killed);
  }
  return [];
}

function count({ acknowledged, refusals, ambiguous, alreadyCommitted }: ClientLog, tally: Tally): void {
  tally.acknowledged += acknowledged.length;
  tally.refusals += refusals;
  tally.ambiguous += ambiguous;
  tally.alreadyCommitted += alreadyCommitted;
}

function killsOf({ kills }: Tally): number {
  return kills.app + kills.worker + kills.database;
}

function resultOf(tally: Tally, cases: number): ScenarioResult {
  const { kills, acknowledged, refusals, ambiguous, alreadyCommitted, slowestMs, violations } = tally;
  return {
    counts: {
      cases,
      kills: killsOf(tally),
      "operations acknowledged": acknowledged,
      refused: refusals,
      "ms until an operation is acknowledged again, at most": slowestMs,
    },
    faults: {
      "ambiguous requests": ambiguous,
      "of them already committed": alreadyCommitted,
      "database kills": kills.database,
      "app kills": kills.app,
      "worker kills": kills.worker,
    },
    violations,
  };
}
