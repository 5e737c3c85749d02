import fs from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ScenarioPlan, ScenarioResult, Violation } from "@/e2e/resilience/scenario";
import { createApiClient } from "./api-client";
import { checkCase, type LoadFixture, newestOperation } from "./check-books";
import type { ClientLog } from "./client-log";
import { finishHangingRequest, type HangingRequest, startHangingRequest } from "./hanging-requests";
import { startLoad } from "./load";
import { startPayers } from "./payers";
import { createPeople } from "./people";
import { waitUntilSettled } from "./settle";
import { watchReadiness } from "./watch-readiness";

const WRITERS = 8;
const PEOPLE = 10;
const AFTER_MS_MAX = 400;
const WORKS_AGAIN_WITHIN_MS = 60_000;
const WORK_WITHIN_MS = 5_000;
const ROUNDS = 3;
// Share of cases with a provider that doesn't respond: each stop then takes ten seconds.
const HANGING_CASES = 0.1;

interface Tally {
  restarts: number;
  inFlight: number;
  runningJobs: number;
  acknowledged: number;
  resetConnections: number;
  closedIdleConnections: number;
  slowestMs: number;
  notReady: number;
  violations: Violation[];
}

/** Restarts app and worker under load, case by case, and checks the books after each. */
export async function runRestarts(plan: ScenarioPlan): Promise<ScenarioResult> {
  const tally: Tally = {
    restarts: 0,
    inFlight: 0,
    runningJobs: 0,
    acknowledged: 0,
    resetConnections: 0,
    closedIdleConnections: 0,
    slowestMs: 0,
    notReady: 0,
    violations: [],
  };
  const deployment = await startDeployment({ home: plan.home, pages: false });
  const client = createApiClient(deployment.url);
  try {
    const people = await createPeople(deployment, PEOPLE);
    const fixture = { deployment, client, people, acknowledged: [] };
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      const violations = await runCase(fixture, plan, number, tally);
      tally.violations.push(...violations.map((what) => ({ case: number, what })));
      plan.progress(`restarts: ${tally.restarts}, ${tally.violations.length} violations`);
      if (violations.length > 0) break;
    }
  } finally {
    client.close();
    await deployment.stop();
  }
  return resultOf(tally);
}

async function runCase(
  fixture: LoadFixture,
  plan: ScenarioPlan,
  number: number,
  tally: Tally,
): Promise<string[]> {
  const { deployment, client, people } = fixture;
  const afterId = await newestOperation(deployment.owner);
  const load = startLoad({ client, people, writers: WRITERS, seed: `${plan.seed}/restarts/${number}` });
  const payers = startPayers(deployment.sandbox);
  const random = plan.random(number);
  const violations: string[] = [];
  const hangingRequests: HangingRequest[] = [];
  const isHanging = !plan.isSmoke && random.chance(HANGING_CASES);
  for (let round = 0; round < (plan.isSmoke ? 1 : ROUNDS); round += 1) {
    for (const name of random.shuffle(["app", "worker"] as const)) {
      if (!(await load.resumes(WORKS_AGAIN_WITHIN_MS)))
        violations.push(`nothing was acknowledged for a minute`);
      const hanging = isHanging ? await startHangingRequest(name, fixture, random) : null;
      violations.push(...(await restart(name, fixture, random, tally)));
      if (hanging) hangingRequests.push(hanging);
    }
  }
  await load.resumes(WORKS_AGAIN_WITHIN_MS);
  await load.stop();
  await payers.stop();
  for (const hanging of hangingRequests) violations.push(...(await finishHangingRequest(hanging, load.log)));
  violations.push(...checkStops(load.log, deployment), ...load.log.violations);
  tally.acknowledged += load.log.acknowledged.length;
  tally.resetConnections += load.log.lost.fresh;
  tally.closedIdleConnections += load.log.lost.reused;
  if (!(await waitUntilSettled(deployment)))
    violations.push("the deployment had not settled a minute after the last restart");
  return [...violations, ...(await checkCase(fixture, load.log, afterId))];
}

async function restart(
  name: "app" | "worker",
  { deployment, client }: LoadFixture,
  random: Random,
  tally: Tally,
): Promise<string[]> {
  await wait(random.int(0, AFTER_MS_MAX));
  if (name === "worker") tally.runningJobs += await waitForWork(() => countLocked(deployment));
  else tally.inFlight += await waitForWork(async () => client.inFlight());
  const readiness = name === "app" ? watchReadiness(deployment.url) : null;
  const from = performance.now();
  const code = await deployment.terminate(name);
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - from));
  tally.restarts += 1;
  const violations = code === 0 ? [] : [`the ${name} ended with ${code ?? "a signal"} when it had to stop`];
  if (name === "worker") {
    const locked = await countLocked(deployment);
    if (locked > 0) violations.push(`${locked} jobs stayed locked when the worker had stopped`);
  }
  if (readiness) {
    const { notReady, readyAgain } = await readiness.stop();
    tally.notReady += notReady;
    if (readyAgain > 0)
      violations.push(`the app reported ready ${readyAgain} times after it had reported not ready`);
  }
  await deployment.revive(name);
  return violations;
}

/** Waits until there is work to interrupt. Returns how much. */
async function waitForWork(count: () => Promise<number>): Promise<number> {
  const deadline = performance.now() + WORK_WITHIN_MS;
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

/** Violations that clients saw, or that the app logged, of requests that it had accepted. */
function checkStops(
  { lost, unavailable, ambiguous, alreadyCommitted }: ClientLog,
  deployment: Deployment,
): string[] {
  const violations: string[] = [];
  if (lost.cut > 0) violations.push(`${lost.cut} responses were cut off`);
  if (alreadyCommitted > 0)
    violations.push(`${alreadyCommitted} requests were carried out without a response`);
  if (unavailable > 0)
    violations.push(`${unavailable} requests were answered with 503 though everything was up`);
  const unknown = ambiguous - lost.cut - lost.fresh - lost.reused;
  if (unknown > 0) violations.push(`${unknown} requests were answered with 504 though everything was up`);
  const aborted = fs.readFileSync(deployment.logOf("app"), "utf8").split("\n").filter(isAborted).length;
  if (aborted > 0) violations.push(`the app logged ${aborted} requests as aborted`);
  return violations;
}

function isAborted(line: string): boolean {
  return line.includes('"aborted":true');
}

function resultOf(tally: Tally): ScenarioResult {
  return {
    counts: {
      "operations acknowledged": tally.acknowledged,
      "new connections reset by a stop": tally.resetConnections,
      "idle connections closed as a request was sent": tally.closedIdleConnections,
      "times not ready": tally.notReady,
      "ms for a stop at most": tally.slowestMs,
    },
    faults: {
      restarts: tally.restarts,
      "requests in flight at a stop": tally.inFlight,
      "jobs running at a stop": tally.runningJobs,
    },
    violations: tally.violations,
  };
}
