import path from "node:path";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import { type Case, runCases, type Tally } from "@/e2e/resilience/run-cases";
import type { ScenarioPlan } from "@/e2e/resilience/scenario";
import { createApiUsers } from "@/e2e/support/credentials";
import { money } from "@/lib/money/money";
import { Client } from "../client";
import { findOpen, isNothingOpen } from "../find-open";
import { checkBooks, type ExpectedOperation } from "../oracle";
import type { Person } from "../requests";
import { Load } from "./load";
import { startTontineOf } from "./tontine";

const PEOPLE = 12;
const FUNDS = money(400_000n, "XOF");
// The checks read the whole ledger: a new deployment keeps them short.
const CASES_PER_DEPLOYMENT = 20;
const SETTLED_WITHIN_MS = 60_000;
// As many retries as a real provider makes, so that every webhook arrives in the end.
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, ...Array.from({ length: 60 }, () => 1_000)];

export interface Disturbance {
  /** Changes a deployment at its start. */
  prepare?: ((deployment: Deployment) => Promise<unknown>) | undefined;
  /** Disturbs the deployment while the load runs. Returns violations, a sentence each. */
  disturb(deployment: Deployment, load: Load, one: Case): Promise<string[]>;
  /** Called when the load has stopped. */
  count(load: Load, tally: Tally): void;
}

/** A deployment whose API, without Next's pages, is used by people with money. */
interface Fixture {
  deployment: Deployment;
  people: readonly Person[];
  /** Of the tontine that all of them are in. */
  dueIds: readonly string[];
  /** What clients know of, in all its cases so far. */
  expected: ExpectedOperation[];
}

/** Runs the cases of a plan: a load that is disturbed, and when everything has settled, the check of the books and the audit. */
export async function runUnderLoad(
  plan: ScenarioPlan,
  faults: readonly string[],
  disturbance: Disturbance,
): Promise<Tally> {
  let cases = 0;
  let fixture: Fixture | null = null;
  const close = async () => {
    await fixture?.deployment.stop();
    fixture = null;
  };
  try {
    return await runCases(plan, { faults, ...(plan.isSmoke ? { most: 1 } : {}) }, async (one) => {
      fixture ??= await openFixture(path.join(plan.home, `from ${one.number}`), disturbance);
      const found = await runCase(fixture, disturbance, one);
      cases += 1;
      // A violation would be found again.
      if (found.length > 0 || cases % CASES_PER_DEPLOYMENT === 0) await close();
      return found;
    });
  } finally {
    await close();
  }
}

async function openFixture(home: string, { prepare }: Disturbance): Promise<Fixture> {
  const sandbox = { retryDelaysMs: RETRY_DELAYS_MS };
  const deployment = await startDeployment({ home, pages: false, sandbox });
  await prepare?.(deployment);
  const people = await createApiUsers(deployment, PEOPLE, FUNDS);
  return { deployment, people, dueIds: await startTontineOf(deployment, people), expected: [] };
}

async function runCase(fixture: Fixture, disturbance: Disturbance, one: Case): Promise<string[]> {
  const { deployment, people, dueIds, expected } = fixture;
  const { owner, sandbox } = deployment;
  const client = new Client(deployment.url);
  const load = new Load(client, people, dueIds, sandbox, one.random);
  const violations = await disturbance.disturb(deployment, load, one);
  await load.stop();
  disturbance.count(load, one.tally);
  expected.push(...load.expected);
  if (!(await waitUntilSettled(deployment)))
    violations.push("the deployment had not settled a minute after the last restart");
  await load.replay();
  client.close();
  violations.push(...client.violations);
  const books = await checkBooks({ owner, book: sandbox.book }, people, expected);
  return [...violations, ...books, ...(await deployment.audit())];
}

/**
 * Waits until no job, open withdrawal or undelivered webhook is left. False after a minute. Ages submissions whose worker
 * died, so that they count as abandoned at once.
 */
async function waitUntilSettled(deployment: Deployment): Promise<boolean> {
  const { owner, sandbox } = deployment;
  return await deployment.settle(async () => {
    await owner`update operations o set updated_at = updated_at - interval '1 minute' where o.state = 'submitting'
      and o.updated_at > now() - interval '30 seconds' and not exists (select from graphile_worker._private_jobs j
        where j.locked_at is not null and j.payload->>'operationId' = o.id::text)`;
    const entries = [...sandbox.book.list("collection"), ...sandbox.book.list("payout")];
    const isProviderDone = entries.every(({ approval, stepsDone, webhooks }) => {
      return approval === null || (stepsDone > 0 && webhooks.every(({ delivered }) => delivered));
    });
    return isProviderDone && isNothingOpen(await findOpen(owner, "withdrawal"));
  }, SETTLED_WITHIN_MS);
}
