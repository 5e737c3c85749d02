import path from "node:path";
import { type Deployment, startDeployment } from "@/e2e/resilience/deployment";
import type { Random } from "@/e2e/resilience/random";
import type { ScenarioPlan, ScenarioResult } from "@/e2e/resilience/scenario";
import { createApiUsers } from "@/e2e/support/credentials";
import { money } from "@/lib/money/money";
import { Client } from "../client";
import { findOpen, isNothingOpen } from "../find-open";
import { checkBooks, type ExpectedOperation } from "../oracle";
import type { Person } from "../requests";
import { Load } from "./load";

const PEOPLE = 12;
const FUNDS = money(400_000n, "XOF");
// The checks read the whole ledger: a new deployment keeps them short.
const CASES_PER_DEPLOYMENT = 20;
const SETTLED_WITHIN_MS = 60_000;
// As many retries as a real provider makes, so that every webhook arrives in the end.
const RETRY_DELAYS_MS = [50, 100, 200, 400, 800, ...Array.from({ length: 60 }, () => 1_000)];

export interface Disturbance extends Pick<ScenarioResult, "counts" | "faults"> {
  /** Changes a deployment at its start. */
  prepare?: ((deployment: Deployment) => Promise<unknown>) | undefined;
  /** Disturbs the deployment while the load runs. Returns violations, a sentence each. */
  disturb(deployment: Deployment, load: Load, random: Random): Promise<string[]>;
  /** Called when the load has stopped. */
  count(load: Load): void;
}

/** A deployment whose API, without Next's pages, is used by people with money. */
interface Fixture {
  deployment: Deployment;
  people: readonly Person[];
  /** What clients know of, in all its cases so far. */
  expected: ExpectedOperation[];
}

/** Runs the cases of a plan: a load that is disturbed, and when everything has settled, the check of the books and the audit. */
export async function runUnderLoad(plan: ScenarioPlan, disturbance: Disturbance): Promise<ScenarioResult> {
  const { counts, faults } = disturbance;
  let cases = 0;
  let fixture: Fixture | null = null;
  try {
    for (const number of plan.cases(plan.isSmoke ? { most: 1 } : {})) {
      if (cases % CASES_PER_DEPLOYMENT === 0) {
        await fixture?.deployment.stop();
        fixture = null;
        fixture = await openFixture(path.join(plan.home, `from ${number}`), disturbance);
      }
      cases += 1;
      const found: string[] = fixture ? await runCase(fixture, disturbance, plan.random(number)) : [];
      plan.progress(`under load: ${cases} cases, ${found.length} violations`);
      if (found.length > 0)
        return { counts, faults, violations: found.map((what) => ({ case: number, what })) };
    }
    return { counts, faults, violations: [] };
  } finally {
    await fixture?.deployment.stop();
  }
}

async function openFixture(home: string, { prepare }: Disturbance): Promise<Fixture> {
  const sandbox = { retryDelaysMs: RETRY_DELAYS_MS };
  const deployment = await startDeployment({ home, pages: false, sandbox });
  await prepare?.(deployment);
  return { deployment, people: await createApiUsers(deployment, PEOPLE, FUNDS), expected: [] };
}

async function runCase(fixture: Fixture, disturbance: Disturbance, random: Random): Promise<string[]> {
  const { deployment, people, expected } = fixture;
  const { owner, sandbox } = deployment;
  const client = new Client(deployment.url);
  const load = new Load(client, people, sandbox, random);
  const violations = await disturbance.disturb(deployment, load, random);
  await load.stop();
  disturbance.count(load);
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
