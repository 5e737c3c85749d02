import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import { accountsOfProvider, accountsOfWallet, openAccounts } from "@/lib/ledger/accounts";
import { draftAssign } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import { findSuspense, type SuspenseRow } from "@/lib/ledger/suspense";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireSystem } from "../context";
import { keepPaidAt } from "../deposits/keep-paid-at";
import { isCredited } from "../operations/kinds";
import { lockOperation, type OperationRow } from "../operations/operation";
import { moveOperation, recordOperation } from "../operations/record";
import { type OperatorNote, recordDecision } from "../operations/record-decision";
import { closeEventsInReview } from "../provider-events/close-webhook";
import { findMoneySource, type MoneySource } from "../provider-events/find-money-source";
import { repayOwed } from "../wallets/repay-owed";

export interface Assigned {
  /** Of the deposit that was credited: the named one, or a new one of its owner. */
  reference: string;
  amount: Money;
}

/**
 * Credits money in suspense to the owner of a deposit, by an operator's decision: as the named deposit where it is exactly
 * what that deposit requested, else as a new deposit of the amount that was received. Throws `unauthenticated`, and
 * `not_found` for an entry that isn't in suspense (any more) and for a reference of no deposit.
 */
export async function assignSuspense(
  context: Context,
  order: OperatorNote & { entryId: bigint; reference: string },
): Promise<Assigned> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const named = await lockOperation(tx, order.reference);
    const suspense = await findSuspense(tx, order.entryId);
    if (named?.type !== "deposit" || !suspense) throw new DomainError("not_found");
    const source = await findMoneySource(tx, suspense.source);
    const deposit = matches(named, suspense, source)
      ? named
      : await openDeposit(tx, context, named, { suspense, source });
    await credit(tx, context, deposit, suspense);
    if (source.paidAt)
      await keepPaidAt(tx, context, deposit, { stamp: source.paidAt, since: named.createdAt });
    await closeReview(tx, context, { named, deposit, source });
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

/** The deposit requested exactly this of this provider, and wasn't credited. */
function matches(deposit: OperationRow, suspense: SuspenseRow, { provider }: MoneySource): boolean {
  return (
    !isCredited(deposit.state) &&
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
  await repayOwed(tx, { walletId, currency, source: reference, occurredAt: context.now });
}

/** Closes the events that reported this money, and fails a deposit that was in review for it and was credited apart. */
async function closeReview(
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
