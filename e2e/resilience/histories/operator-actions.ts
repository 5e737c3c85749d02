import { DomainError } from "@/lib/errors";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import type { Environment } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import { providerEntriesOf } from "./observed-state";
import { postToSandbox } from "./settle";

const OPERATOR = { operator: "resilience", note: "resilience suite" };

/** Has the sandbox send again webhooks that were processed long ago, chosen by their position: nothing may change. */
export async function resendWebhooks(env: Environment, webhookResends: readonly number[]): Promise<void> {
  const wallets = env.people.all.map(({ walletId }) => walletId.toString());
  const operations = await env.deployment.owner<{ type: string; provider: string; reference: string }[]>`
    select type, provider, reference from operations where wallet_id = any (${wallets}::bigint[]) and provider is not null order by id`;
  const withWebhooks = providerEntriesOf(env.deployment, operations).filter(
    ({ webhooks }) => webhooks.length > 0,
  );
  const chosen = webhookResends.flatMap(
    (position) => withWebhooks[position % Math.max(1, withWebhooks.length)] ?? [],
  );
  await Promise.all(chosen.map(({ reference }) => postToSandbox(env, `/_resend/${reference}`, {})));
}

/** Resolves all conflicts and assigns all money in suspense, each twice at once, so that one of the two is too late. */
export async function resolveOpenOperations(env: Environment, expected: ExpectedOperations): Promise<void> {
  const conflicts = await findConflicts(env);
  const suspended = await findSuspended(env);
  const system = () => env.deployment.context({ kind: "system" });
  await Promise.all(
    [...conflicts, ...conflicts].map(async (reference) => {
      // When the refund was spent, it stays a conflict until the wallet has the money again.
      await unlessRefused("insufficient_funds", () =>
        resolveWithdrawal(system(), { reference, verdict: "paid", ...OPERATOR }),
      );
    }),
  );
  await Promise.all(
    [...suspended, ...suspended].map(async ({ entryId, reference }) => {
      const order = { entryId: BigInt(entryId), reference, ...OPERATOR };
      // The second attempt finds nothing left in suspense.
      const assigned = await unlessRefused("not_found", () => assignSuspense(system(), order));
      const named = expected.find(reference);
      if (!assigned || !named) return;
      named.allowedStates = ["failed"];
      const { who, currency } = named;
      const { amountMinor: amount } = assigned.amount;
      env.historyLog.countFault("money assigned from suspense");
      env.historyLog.acknowledge({
        ...{ reference: assigned.reference, type: "deposit", who, to: null, currency, amount, fee: 0n },
        ...{ ackAt: Date.now(), allowedStates: ["succeeded"], scenario: null },
      });
    }),
  );
}

async function unlessRefused<T>(code: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError && error.code === code) return null;
    throw error;
  }
}

async function findConflicts({ deployment, people }: Environment): Promise<string[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  const rows = await deployment.owner<{ reference: string }[]>`select reference from operations
    where wallet_id = any (${wallets}::bigint[]) and state = 'conflict'`;
  return rows.map(({ reference }) => reference);
}

async function findSuspended({
  deployment,
  people,
}: Environment): Promise<{ entryId: string; reference: string }[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  return [
    ...(await deployment.owner<{ entryId: string; reference: string }[]>`
      select e.id::text as "entryId", o.reference from operations o
        join webhook_events w on w.reference = o.reference and w.provider = o.provider
        join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
      where o.wallet_id = any (${wallets}::bigint[]) and o.state = 'review'`),
  ];
}
