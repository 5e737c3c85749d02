import { DomainError } from "@/lib/errors";
import { assignSuspense } from "@/lib/services/deposits/assign-suspense";
import { decideWithdrawal } from "@/lib/services/withdrawals/decide-withdrawal";
import type { Stage } from "./act";
import { bookOf } from "./facts";
import type { Scenes } from "./scenes";
import { tellSandbox } from "./settle";

const DECIDER = { operator: "proof", note: "drawn by the seed" };

/** Sends webhooks again, by their position, that were processed long ago: that must change nothing. */
export async function repeatWebhooks(stage: Stage, repeats: readonly number[]): Promise<void> {
  const wallets = stage.people.all.map(({ walletId }) => walletId.toString());
  const operations = await stage.deployment.owner<{ type: string; provider: string; reference: string }[]>`
    select type, provider, reference from operations where wallet_id = any (${wallets}::bigint[]) and provider is not null order by id`;
  const told = bookOf(stage.deployment, operations).filter(({ webhooks }) => webhooks.length > 0);
  const chosen = repeats.flatMap((position) => told[position % Math.max(1, told.length)] ?? []);
  await Promise.all(chosen.map(({ reference }) => tellSandbox(stage, `/_resend/${reference}`, {})));
}

/** What an operator decides about what waits for one, all at once; twice, so that one of the two comes too late. */
export async function decideOpenOnes(stage: Stage, scenes: Scenes): Promise<void> {
  const conflicts = await findConflicts(stage);
  const suspended = await findSuspended(stage);
  const system = () => stage.deployment.context({ kind: "system" });
  await Promise.all(
    [...conflicts, ...conflicts].map(async (reference) => {
      // Spent meanwhile: it stays a conflict until the wallet holds it again.
      await unlessRefused("insufficient_funds", () =>
        decideWithdrawal(system(), { reference, verdict: "paid", ...DECIDER }),
      );
    }),
  );
  await Promise.all(
    [...suspended, ...suspended].map(async ({ entryId, reference }) => {
      const order = { entryId: BigInt(entryId), reference, ...DECIDER };
      // The second one finds nothing left to give.
      const assigned = await unlessRefused("not_found", () => assignSuspense(system(), order));
      const named = scenes.find(reference);
      if (!assigned || !named) return;
      named.ends = ["failed"];
      const { who, currency } = named;
      const { amountMinor: amount } = assigned.amount;
      stage.historyLog.met("money given out of suspense");
      stage.historyLog.acknowledge({
        ...{ reference: assigned.reference, type: "deposit", who, to: null, currency, amount, fee: 0n },
        ...{ ackAt: Date.now(), ends: ["succeeded"], scenario: null },
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

async function findConflicts({ deployment, people }: Stage): Promise<string[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  const rows = await deployment.owner<{ reference: string }[]>`select reference from operations
    where wallet_id = any (${wallets}::bigint[]) and state = 'conflict'`;
  return rows.map(({ reference }) => reference);
}

async function findSuspended({
  deployment,
  people,
}: Stage): Promise<{ entryId: string; reference: string }[]> {
  const wallets = people.all.map(({ walletId }) => walletId.toString());
  return [
    ...(await deployment.owner<{ entryId: string; reference: string }[]>`
      select e.id::text as "entryId", o.reference from operations o
        join webhook_events w on w.reference = o.reference and w.provider = o.provider
        join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
      where o.wallet_id = any (${wallets}::bigint[]) and o.state = 'review'`),
  ];
}
