import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { accountsOfProvider, accountsOfWallet, openAccounts } from "@/lib/ledger/accounts";
import { draftAssign } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { findSuspense, type SuspenseRow } from "@/lib/ledger/suspense";
import { type Money, money } from "@/lib/money/money";
import { type Decider, recordDecision } from "../back-office/decisions/record-decision";
import { type Context, requireSystem } from "../context";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { moveOperation, recordOperation } from "../operations/record";
import { closeEventsInReview } from "../provider-events/close-events-in-review";
import { findSource, type MoneySource } from "../provider-events/find-source";

export interface Assigned {
  /** Of the deposit that the money was credited as: the one that was named, or a new one of its owner's. */
  reference: string;
  amount: Money;
}

/**
 * Gives money in suspense to the owner of a deposit, by an operator's word: as that deposit where it is what it asked
 * for, else as a deposit of its own, for what really came. Throws `unauthenticated`, and `not_found` for an entry that
 * isn't in suspense (any more) and for a reference that is no deposit's.
 */
export async function assignSuspense(
  context: Context,
  order: Decider & { entryId: bigint; reference: string },
): Promise<Assigned> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const named = await lockOperation(tx, order.reference);
    const suspense = await findSuspense(tx, order.entryId);
    if (named?.type !== "deposit" || !suspense) throw new DomainError("not_found");
    const source = await findSource(tx, suspense.source);
    const deposit = isFor(named, suspense, source)
      ? named
      : await openDeposit(tx, context, named, { suspense, source });
    await credit(tx, context, deposit, suspense);
    await settleNamed(tx, context, { named, deposit, source });
    const { operator, note } = order;
    await recordDecision(tx, deposit.reference, {
      operationId: deposit.id,
      verdict: "assigned",
      operator,
      note,
    });
    return { reference: deposit.reference, amount: money(suspense.amountMinor, suspense.currency) };
  });
}

/** It asked for exactly this, of this provider, and never got it. */
function isFor(deposit: OperationRow, suspense: SuspenseRow, { provider }: MoneySource): boolean {
  return (
    deposit.state !== "succeeded" &&
    deposit.provider === provider &&
    deposit.currency === suspense.currency &&
    deposit.amountMinor === suspense.amountMinor
  );
}

async function openDeposit(
  tx: Transaction,
  context: Context,
  named: OperationRow,
  { suspense, source }: { suspense: SuspenseRow; source: MoneySource },
): Promise<OperationRow> {
  const { walletId, method, phone } = named;
  const { currency, amountMinor } = suspense;
  const accounts = [
    ...accountsOfProvider(source.provider, currency),
    ...accountsOfWallet(walletId, currency),
  ];
  await openAccounts(tx, accounts);
  return await recordOperation(tx, context.actor, {
    reference: newReference(),
    type: "deposit",
    state: "pending",
    walletId,
    currency,
    amountMinor,
    provider: source.provider,
    method,
    phone,
  });
}

async function credit(
  tx: Transaction,
  context: Context,
  deposit: OperationRow,
  { entryId, currency, amountMinor }: SuspenseRow,
): Promise<void> {
  const { reference, walletId } = deposit;
  const amount = money(amountMinor, currency);
  await postEntry(
    tx,
    draftAssign({ reference, occurredAt: context.now, walletId, amount, suspenseEntryId: entryId }),
  );
  await moveOperation(tx, context.actor, deposit, { to: "succeeded", reason: null });
}

/** What was in review for this very money isn't any more, and the events that told of it are done with. */
async function settleNamed(
  tx: Transaction,
  context: Context,
  { named, deposit, source }: { named: OperationRow; deposit: OperationRow; source: MoneySource },
): Promise<void> {
  if (source.eventId !== null) await closeEventsInReview(tx, { eventId: source.eventId });
  if (source.reference !== named.reference) return;
  await closeEventsInReview(tx, { reference: named.reference });
  if (deposit.id !== named.id && named.state === "review") {
    await moveOperation(tx, context.actor, named, { to: "failed", reason: "credited_apart" });
  }
}
