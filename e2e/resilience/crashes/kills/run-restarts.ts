import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import type { Account, Acknowledged } from "./account";
import { type Caller, createCaller } from "./caller";
import { checkBooks, newestOperation } from "./check-books";
import { type Load, startLoad } from "./load";
import { lookUpUnanswered } from "./look-up";
import { startPayers } from "./payers";
import { createPeople, type Person } from "./people";
import { settled } from "./settled";
import { beginSilence, endSilence, type Silence } from "./silent-provider";
import { watchReadiness } from "./watch-readiness";

const WRITERS = 8;
const PEOPLE = 10;
const AFTER_MS_MAX = 400;
const WORKS_AGAIN_WITHIN_MS = 60_000;
const AT_WORK_WITHIN_MS = 5_000;
const ROUNDS = 3;
// They take long: each stop waits for a provider that says nothing.
const SILENT_CASES = 0.1;

interface Tally {
  restarts: number;
  inFlight: number;
  jobsInHand: number;
  acknowledged: number;
  turnedAway: number;
  closedIdle: number;
  slowestMs: number;
  notReady: number;
  violations: Violation[];
}

interface Fixture {
  deployment: Deployment;
  caller: Caller;
  people: readonly Person[];
  acknowledged: Acknowledged[];
}

/** Stops app and worker under load and starts them anew, case by case, and checks the books after each. */
export async function runRestarts(plan: ScenarioPlan): Promise<ScenarioResult> {
  const tally: Tally = {
    ...{
      restarts: 0,
      inFlight: 0,
      jobsInHand: 0,
      acknowledged: 0,
      turnedAway: 0,
      closedIdle: 0,
      slowestMs: 0,
      notReady: 0,
    },
    violations: [],
  };
  const deployment = await startDeployment({ home: plan.home, pages: false });
  const caller = createCaller(deployment.url);
  try {
    const people = await createPeople(deployment.db, PEOPLE);
    const fixture = { deployment, caller, people, acknowledged: [] };
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      const violations = await runCase(fixture, plan, number, tally);
      tally.violations.push(...violations.map((what) => ({ case: number, what })));
      plan.progress(`restarts: ${tally.restarts}, ${tally.violations.length} violations`);
      if (violations.length > 0) break;
    }
  } finally {
    caller.close();
    await deployment.stop();
  }
  return resultOf(tally);
}

async function runCase(
  fixture: Fixture,
  plan: ScenarioPlan,
  number: number,
  tally: Tally,
): Promise<string[]> {
  const { deployment, caller, people } = fixture;
  const afterId = await newestOperation(deployment.owner);
  const load = startLoad({ caller, people, writers: WRITERS, seed: `${plan.seed}/restarts/${number}` });
  const payers = startPayers(deployment.sandbox);
  const random = plan.random(number);
  const violations: string[] = [];
  const silences: Silence[] = [];
  const isSilent = !plan.isSmoke && random.chance(SILENT_CASES);
  for (let round = 0; round < (plan.isSmoke ? 1 : ROUNDS); round += 1) {
    for (const part of random.shuffle(["app", "worker"] as const)) {
      if (!(await load.flows(WORKS_AGAIN_WITHIN_MS)))
        violations.push(`nothing was acknowledged for a minute`);
      const silence = isSilent ? await beginSilence(part, fixture, random) : null;
      violations.push(...(await restart(part, fixture, random, tally)));
      if (silence) silences.push(silence);
    }
  }
  await load.flows(WORKS_AGAIN_WITHIN_MS);
  await load.stop();
  await payers.stop();
  for (const silence of silences) violations.push(...(await endSilence(silence, load.account)));
  violations.push(...judge(load.account, deployment), ...load.account.violations);
  tally.acknowledged += load.account.acknowledged.length;
  tally.turnedAway += load.account.lost.fresh;
  tally.closedIdle += load.account.lost.reused;
  if (!(await settled(deployment)))
    violations.push("the deployment had not settled a minute after the last restart");
  return [...violations, ...(await checkAll(fixture, load, afterId))];
}

async function restart(
  part: "app" | "worker",
  { deployment, caller }: Fixture,
  random: Random,
  tally: Tally,
): Promise<string[]> {
  await wait(random.int(0, AFTER_MS_MAX));
  if (part === "worker") tally.jobsInHand += await atWork(() => countLocked(deployment));
  else tally.inFlight += await atWork(async () => caller.inFlight());
  const readiness = part === "app" ? watchReadiness(deployment.url) : null;
  const from = performance.now();
  const code = await deployment.terminate(part);
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
  tally.restarts += 1;
  const violations =
    code === 0 ? [] : [`the ${part} ended with ${code ?? "a signal"} when it was asked to stop`];
  if (part === "worker") {
    const locked = await countLocked(deployment);
    if (locked > 0) violations.push(`${locked} jobs stayed locked when the worker had stopped`);
  }
  if (readiness) {
    const { notReady, readyAgain } = await readiness.stop();
    tally.notReady += notReady;
    if (readyAgain > 0)
      violations.push(`the app said ${readyAgain} times that it is ready after it had said that it stops`);
  }
  await deployment.revive(part);
  return violations;
}

/** Waits a moment, so that the stop falls into the midst of something; how much of it there is then. */
async function atWork(count: () => Promise<number>): Promise<number> {
  const deadline = performance.now() + AT_WORK_WITHIN_MS;
  let found = await count();
  while (found === 0 && performance.now() < deadline) {
    await wait(1);
    found = await count();
  }
  return found;
}

async function countLocked({ owner }: Deployment): Promise<number> {
  const [row] = await owner<{ jobs: number }[]>`
    select count(*)::int as jobs from graphile_worker._private_jobs where locked_at is not null`;
  return row?.jobs ?? 0;
}

/** What clients saw, and what the app itself wrote down, of requests that were taken. */
function judge(
  { lost, unavailable, ambiguous, alreadyCommitted }: Account,
  deployment: Deployment,
): string[] {
  const violations: string[] = [];
  if (lost.cut > 0) violations.push(`${lost.cut} answers were cut off in the middle`);
  if (alreadyCommitted > 0)
    violations.push(`${alreadyCommitted} requests were carried out and never answered`);
  if (unavailable > 0)
    violations.push(`${unavailable} requests were answered with 503 though nothing was away`);
  const unknown = ambiguous - lost.cut - lost.fresh - lost.reused;
  if (unknown > 0) violations.push(`${unknown} requests were answered with 504 though nothing was away`);
  const aborted = fs.readFileSync(deployment.logOf("app"), "utf8").split("\n").filter(isAborted).length;
  if (aborted > 0) violations.push(`the app wrote down ${aborted} requests as cut`);
  return violations;
}

function isAborted(line: string): boolean {
  return line.includes('"aborted":true');
}

async function checkAll(fixture: Fixture, { account }: Load, afterId: string): Promise<string[]> {
  const { owner, sandbox } = fixture.deployment;
  const recent = [...account.acknowledged, ...(await lookUpUnanswered(owner, account))];
  fixture.acknowledged.push(...recent);
  const { people, acknowledged } = fixture;
  const books = {
    owner,
    book: sandbox.book,
    people,
    acknowledged,
    recent: { acknowledged: recent, afterId },
  };
  return [...(await checkBooks(books)), ...(await fixture.deployment.audit())];
}

function resultOf(tally: Tally): ScenarioResult {
  return {
    counts: {
      "operations acknowledged": tally.acknowledged,
      "turned away at the closing door": tally.turnedAway,
      "idle connections closed under a request": tally.closedIdle,
      "times not ready": tally.notReady,
      "ms for a stop at most": tally.slowestMs,
    },
    faults: {
      restarts: tally.restarts,
      "requests in flight at a stop": tally.inFlight,
      "jobs in hand at a stop": tally.jobsInHand,
    },
    violations: tally.violations,
  };
}
