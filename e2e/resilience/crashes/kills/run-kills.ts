import fs from "node:fs";
import path from "node:path";
import { type Deployment, type Killable, startDeployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import type { Account, Acknowledged } from "./account";
import { askAgain } from "./ask-again";
import { type Caller, createCaller } from "./caller";
import { checkBooks, findLost, newestOperation } from "./check-books";
import { createWorkerCare, drawStrike, drawStrikes, KILLABLE, type Strike, strikeDown } from "./kill-process";
import { type Load, startLoad } from "./load";
import { lookUpUnanswered } from "./look-up";
import { startPayers } from "./payers";
import { createPeople, type Person } from "./people";
import { settled } from "./settled";
import { type Killer, startKiller } from "./start-killer";

const WRITERS = 10;
const PEOPLE = 12;
// A deployment's books grow with each case; a new one keeps the checks short.
const CASES_A_HOUSE = 40;
const WORKS_AGAIN_WITHIN_MS = 60_000;
const EXTRA_STRIKES_MAX = 6;
// As patient as a provider: an app that is killed again and again hears of everything in the end.
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, ...Array.from({ length: 60 }, () => 1_000)];

export interface KillsOptions {
  /** A control: a database that acknowledges before it has written, which kills must find out. */
  isForgetful?: boolean;
}

/** What is there while one deployment stands. */
interface Fixture {
  deployment: Deployment;
  killer: Killer;
  caller: Caller;
  people: readonly Person[];
  acknowledged: Acknowledged[];
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

/** Kills under load, case by case, and checks the books after each. */
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
      if (fixture && cases % CASES_A_HOUSE === 0) fixture = await leave(fixture, number, tally);
      fixture ??= await openFixture(path.join(plan.home, `from ${number}`), isForgetful);
      cases += 1;
      const violations = await runCase(fixture, plan, number, tally);
      tally.violations.push(...violations.map((what) => ({ case: number, what })));
      plan.progress(`kills: ${cases} cases, ${killsOf(tally)} kills, ${tally.violations.length} violations`);
      if (violations.length > 0) break;
    }
    if (fixture && tally.violations.length === 0) fixture = await leave(fixture, cases - 1, tally);
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
    const people = await createPeople(deployment.db, PEOPLE);
    return { deployment, killer, caller: createCaller(deployment.url), people, acknowledged: [] };
  } catch (error) {
    await killer.stop();
    throw error;
  }
}

/** The last look at a deployment: what was acknowledged in any of its cases is still there. */
async function leave(fixture: Fixture, number: number, { violations }: Tally): Promise<undefined> {
  const lost = await findLost(fixture.deployment.owner, fixture.acknowledged);
  violations.push(...lost.map((what) => ({ case: number, what })));
  await closeFixture(fixture);
  return undefined;
}

async function closeFixture({ deployment, killer, caller }: Fixture): Promise<void> {
  caller.close();
  await killer.stop();
  await deployment.stop();
}

async function runCase(
  fixture: Fixture,
  plan: ScenarioPlan,
  number: number,
  tally: Tally,
): Promise<string[]> {
  const { deployment, caller, people } = fixture;
  const afterId = await newestOperation(deployment.owner);
  const load = startLoad({ caller, people, writers: WRITERS, seed: `${plan.seed}/kills/${number}` });
  const payers = startPayers(deployment.sandbox);
  const random = plan.random(number);
  const violations = await killUnder(load, fixture, strikesOf(load, random, plan, tally), tally);
  await load.stop();
  await payers.stop();
  const { account } = load;
  count(account, tally);
  violations.push(...account.violations);
  if (!(await settled(deployment)))
    violations.push("the deployment had not settled a minute after the last kill");
  violations.push(...(await askAgain(caller, account, random)));
  const recent = [...account.acknowledged, ...(await lookUpUnanswered(deployment.owner, account))];
  fixture.acknowledged.push(...recent);
  const { owner, sandbox } = deployment;
  const { acknowledged } = fixture;
  const books = {
    owner,
    book: sandbox.book,
    people,
    acknowledged,
    recent: { acknowledged: recent, afterId },
  };
  return [...violations, ...(await checkBooks(books)), ...(await deployment.audit())];
}

/** Those of the case, and a few more while something that the run has to meet wasn't met yet. */
function* strikesOf(
  { account }: Load,
  random: Random,
  { isSmoke }: ScenarioPlan,
  tally: Tally,
): Iterable<Strike> {
  yield* drawStrikes(random, isSmoke);
  for (let extra = 0; extra < EXTRA_STRIKES_MAX; extra += 1) {
    const unmet = KILLABLE.find((part) => tally.kills[part] === 0);
    const hasCommitted = tally.alreadyCommitted + account.alreadyCommitted > 0;
    if (unmet === undefined && hasCommitted) return;
    yield drawStrike(random, unmet ?? "app");
  }
}

async function killUnder(
  load: Load,
  { deployment, killer }: Fixture,
  strikes: Iterable<Strike>,
  tally: Tally,
): Promise<string[]> {
  const care = createWorkerCare(deployment);
  await load.flows(WORKS_AGAIN_WITHIN_MS);
  for (const strike of strikes) {
    const killed = await strikeDown(deployment, killer, strike);
    for (const part of killed) tally.kills[part] += 1;
    const from = performance.now();
    if (!(await load.flows(WORKS_AGAIN_WITHIN_MS))) {
      return [`nothing was acknowledged for a minute after ${killed.join(" and ")} was back`];
    }
    tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
    await care.after(killed);
  }
  return [];
}

function count({ acknowledged, refusals, ambiguous, alreadyCommitted }: Account, tally: Tally): void {
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
      "ms to the first new one at most": slowestMs,
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
