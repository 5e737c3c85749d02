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

/** The provider won't pay, for certain: held → available, state refunded. The entry's step makes it once for ever. */
export async function refund(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  reason: string,
  patch: NonNullable<Move["patch"]> = {},
): Promise<void> {
  await postEntry(tx, draftRefund(eventOf(context, operation)));
  await moveOperation(tx, context.actor, operation, { to: "refunded", reason, patch });
}

/** The provider took a paid withdrawal back: clearing and fees → available; paid → reversed → refunded. */
export async function reverse(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  await postEntry(tx, draftReversedPayout(eventOf(context, operation)));
  const reversed = await moveOperation(tx, context.actor, operation, { to: "reversed", reason: "reversed" });
  await moveOperation(tx, context.actor, reversed, { to: "refunded", reason: "reversed" });
}

/**
 * A payout was heard of as paid after we had refunded it: the refunded sum goes back to held, if it is still there,
 * and the operation waits for an operator. Never a silent second debit.
 */
export async function freeze(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  const [verdict] = await postEntries(tx, [draftFreeze(eventOf(context, operation))]);
  const reason = verdict?.verdict === "posted" ? "paid_after_refund" : "paid_after_refund_spent";
  await moveOperation(tx, context.actor, operation, { to: "conflict", reason });
}

/** The refunded sum of this conflict went back to held: it was still there. */
const isFrozen = ({ reason }: OperationRow) => reason === "paid_after_refund";

/**
 * It was paid, though we had refunded it: what is frozen is settled. Where it had been spent it is taken now, and
 * `insufficient_funds` is thrown while the wallet doesn't hold it: nobody else's money in flight is ever touched.
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

/** It wasn't paid: what is frozen is free again, and the withdrawal stays refunded. */
export async function releaseConflict(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
): Promise<void> {
  if (isFrozen(operation)) await postEntry(tx, draftUnfreeze(eventOf(context, operation)));
  await moveOperation(tx, context.actor, operation, { to: "refunded", reason: "payout_failed" });
}
