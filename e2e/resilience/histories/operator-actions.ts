import { DomainError } from "@/lib/errors";
import { assignSuspense } from "@/lib/services/back-office/assign-suspense";
import { resolveWithdrawal } from "@/lib/services/back-office/resolve-withdrawal";
import { findEntry } from "../crashes/oracle";
import { type Environment, walletIds } from "./environment";
import type { ExpectedOperations } from "./expected-operations";
import { readOperations } from "./observed-state";
import { postToSandbox } from "./settle";

const OPERATOR = { operator: "resilience", note: "resilience suite" };

/** Has the sandbox send again webhooks that were processed long ago, chosen by their position: nothing may change. */
export async function resendWebhooks(env: Environment, positions: readonly number[]): Promise<void> {
  const operations = await readOperations(env.sql, walletIds(env));
  const entries = operations
    .flatMap((operation) => findEntry(env.deployment.sandbox.book, operation) ?? [])
    .filter(({ webhooks }) => webhooks.length > 0);
  const chosen = positions.flatMap((position) => entries[position % Math.max(1, entries.length)] ?? []);
  await Promise.all(chosen.map(({ reference }) => postToSandbox(env, `/_resend/${reference}`, {})));
}

/** Resolves all conflicts and assigns all money in suspense, each twice at once, so that one of the two is too late. */
export async function resolveOpenOperations(env: Environment, expected: ExpectedOperations): Promise<void> {
  const operations = await readOperations(env.sql, walletIds(env));
  const conflicts = operations.filter(({ state }) => state === "conflict");
  const suspended = await findSuspended(env);
  await Promise.all([
    ...[...conflicts, ...conflicts].map(({ reference }) => resolveAsPaid(env, reference)),
    ...[...suspended, ...suspended].map((entry) => assign(env, expected, entry)),
  ]);
}

/** When the refund was spent, it stays a conflict until the wallet has the money again. */
async function resolveAsPaid({ deployment }: Environment, reference: string): Promise<void> {
  const resolution = { reference, verdict: "paid", ...OPERATOR } as const;
  const system = deployment.context({ kind: "system" });
  await unlessRefused("insufficient_funds", resolveWithdrawal(system, resolution));
}

interface Suspended {
  entryId: bigint;
  reference: string;
}

async function assign(
  env: Environment,
  { byReference }: ExpectedOperations,
  entry: Suspended,
): Promise<void> {
  const order = { ...entry, ...OPERATOR };
  const system = env.deployment.context({ kind: "system" });
  // The second attempt finds nothing left in suspense.
  const assigned = await unlessRefused("not_found", assignSuspense(system, order));
  const deposit = byReference.get(entry.reference);
  if (!assigned || !deposit) return;
  Object.assign(deposit, { allowedStates: ["failed"], isAssigned: true });
  env.historyLog.countFault("money assigned from suspense");
  env.historyLog.acknowledge({
    ...{ ...deposit, reference: assigned.reference, amount: assigned.amount.amountMinor },
    ...{ ackAt: Date.now(), allowedStates: ["succeeded"], provider: null, isAssigned: false },
  });
}

async function unlessRefused<T>(code: string, work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError && error.code === code) return null;
    throw error;
  }
}

async function findSuspended(env: Environment): Promise<Suspended[]> {
  return await env.sql<Suspended[]>`
    select e.id as "entryId", o.reference from operations o
      join webhook_events w on w.reference = o.reference and w.provider = o.provider
      join ledger_entries e on e.source = w.provider || ':' || w.event_key and e.step = 'suspense'
    where o.wallet_id = any (${walletIds(env)}::bigint[]) and o.state = 'review'`;
}
