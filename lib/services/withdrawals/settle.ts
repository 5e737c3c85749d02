import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import {
  draftFreeze,
  draftRefund,
  draftReversedPayout,
  draftSettle,
  draftUnfreeze,
} from "@/lib/ledger/draft";
import { postEntries, postEntry } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { type Move, moveOperation } from "../operations/record";
import { repayOwed } from "../wallets/repay-owed";

function eventOf(context: Context, operation: OperationRow) {
  const { reference, walletId, provider, currency, amountMinor, feeMinor } = operation;
  invariant(provider !== null, "a withdrawal has its provider");
  return {
    reference,
    walletId,
    provider,
    occurredAt: context.now,
    amount: money(amountMinor, currency),
    fee: money(feeMinor, currency),
  };
}

/** What came back to the wallet pays first what it owes. */
async function payOwed(
  tx: Transaction,
  context: Context,
  { walletId, currency }: OperationRow,
): Promise<void> {
  await repayOwed(tx, { walletId, currency, occurredAt: context.now });
}

/** The provider paid: held → clearing, fee → fees, state paid. */
export async function settle(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  patch: NonNullable<Move["patch"]>,
): Promise<void> {
  await postEntry(tx, draftSettle(eventOf(context, operation)));
  await moveOperation(tx, context.actor, operation, { to: "paid", reason: null, patch });
}

/** The provider certainly won't pay: held → available, state refunded. The ledger posts a refund step once per reference. */
export async function refund(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  reason: string,
  patch: NonNullable<Move["patch"]> = {},
): Promise<void> {
  await postEntry(tx, draftRefund(eventOf(context, operation)));
  await payOwed(tx, context, operation);
  await moveOperation(tx, context.actor, operation, { to: "refunded", reason, patch });
}

/** The provider reversed a paid withdrawal: clearing and fees → available; paid → reversed → refunded. */
export async function reverse(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  await postEntry(tx, draftReversedPayout(eventOf(context, operation)));
  await payOwed(tx, context, operation);
  const reversed = await moveOperation(tx, context.actor, operation, { to: "reversed", reason: "reversed" });
  await moveOperation(tx, context.actor, reversed, { to: "refunded", reason: "reversed" });
}

/**
 * A payout turned out to be paid after its refund: the refunded sum goes back to held if the wallet still has it, and the
 * operation waits for an operator. Never a silent second debit.
 */
export async function freeze(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  const [verdict] = await postEntries(tx, [draftFreeze(eventOf(context, operation))]);
  const reason = verdict?.verdict === "posted" ? "paid_after_refund" : "paid_after_refund_spent";
  await moveOperation(tx, context.actor, operation, { to: "conflict", reason });
}

/** The refunded sum of this conflict is held again: the wallet still had it. */
const isFrozen = ({ reason }: OperationRow) => reason === "paid_after_refund";

/**
 * The conflict was paid: the frozen sum is settled. Where the refund had been spent it is debited now; throws
 * `insufficient_funds` while the available balance is too low. Money held for other withdrawals is never touched.
 */
export async function settleConflict(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
): Promise<void> {
  const event = eventOf(context, operation);
  const drafts = isFrozen(operation) ? [draftSettle(event)] : [draftFreeze(event), draftSettle(event)];
  const verdicts = await postEntries(tx, drafts);
  if (verdicts.some(({ verdict }) => verdict !== "posted")) throw new DomainError("insufficient_funds");
  await moveOperation(tx, context.actor, operation, { to: "paid", reason: "checked" });
}

/** The conflict wasn't paid: the frozen sum is available again, and the withdrawal stays refunded. */
export async function releaseConflict(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
): Promise<void> {
  if (isFrozen(operation)) await postEntry(tx, draftUnfreeze(eventOf(context, operation)));
  await moveOperation(tx, context.actor, operation, { to: "refunded", reason: "payout_failed" });
}
