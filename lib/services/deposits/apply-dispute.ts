import type { Transaction } from "@/db/client";
import type { Dispute } from "@/lib/providers/provider";
import type { Context } from "../context";
import { isCredited } from "../operations/kinds";
import { lockOperation, type OperationRow } from "../operations/operation";
import {
  ignored,
  isOtherMode,
  needsReview,
  type ProviderUpdate,
  processed,
  type UpdateOutcome,
} from "../operations/provider-update";
import type { Reason } from "../operations/reasons";
import { moveOperation } from "../operations/record";
import { endDisputes, listOpenDisputes } from "./disputes";
import { type DisputeEvent, findNamed, findSameAmount, findTakenBack, isNameless } from "./match-dispute";
import { type DisputeRow, insertDispute, listDisputes, updateDispute } from "./store";

/** A refund or a chargeback of a collection, as its provider reports it. */
export interface DisputeUpdate extends ProviderUpdate {
  dispute: Dispute | null;
}

const REASON_OF: Record<Dispute["type"], Reason> = {
  refund: "payment_refunded",
  chargeback: "payment_disputed",
  reversal: "payment_refunded",
};

/**
 * Applies a refund or a chargeback to its deposit, in the caller's transaction: a credited deposit becomes `disputed` and
 * waits for an operator, who takes the money back or not. Nothing is posted here. Each dispute is about at most the
 * deposit's amount, and a repeated event adds nothing.
 */
export async function applyDispute(
  tx: Transaction,
  context: Context,
  update: DisputeUpdate,
): Promise<UpdateOutcome> {
  if (isOtherMode(update)) return needsReview("other_mode");
  const operation = update.reference ? await lockOperation(tx, update.reference) : null;
  const { dispute } = update;
  if (operation?.type !== "deposit" || operation.provider !== update.provider || dispute === null)
    return needsReview("unknown_reference");
  if (update.currencyCode !== null && update.currencyCode !== operation.currency)
    return needsReview("currency_mismatch");
  if (!isCredited(operation.state)) {
    return dispute.outcome === "won" ? ignored("not_disputed") : needsReview("disputed_before_credit");
  }
  const all = await listDisputes(tx, operation.id);
  const event = { dispute, amountMinor: update.amount?.amountMinor ?? null };
  const named = findNamed(all, event);
  const sameAmount = findSameAmount(all, operation, event);
  if (named === null && sameAmount !== null) {
    return await applyUnderOtherName(tx, context, operation, { other: sameAmount, dispute });
  }
  if (dispute.outcome === "won") {
    const stands = named?.state !== "kept";
    const taken = findTakenBack(all, operation, event);
    return await applyWon(tx, context, operation, stands ? named : (taken ?? sameAmount ?? named));
  }
  return named
    ? await applyAgain(tx, context, operation, { known: named, ...event })
    : await open(tx, context, operation, event);
}

/**
 * A refund that we know by its amount only. A nameless dispute that is open gives way to one with the provider's name; else
 * the event's own name is noted, so that the same event again finds it.
 */
async function applyUnderOtherName(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  { other, dispute }: { other: DisputeRow; dispute: Dispute },
): Promise<UpdateOutcome> {
  const { operationId } = other;
  const values = { operationId, ...dispute, amountMinor: other.amountMinor };
  if (isNameless(operation, dispute) || other.state === "taken_back") {
    if (dispute.outcome !== "open") await insertDispute(tx, { ...values, state: "kept" });
    return dispute.outcome === "won"
      ? await applyWon(tx, context, operation, other)
      : await applyAgain(tx, context, operation, { known: other, dispute, amountMinor: other.amountMinor });
  }
  await updateDispute(tx, other.id, { state: "kept" });
  if (dispute.outcome === "won") {
    await insertDispute(tx, { ...values, state: "kept" });
    await endWithoutOpen(tx, context, operation);
    return processed("dispute_won");
  }
  const isNew = dispute.outcome === "lost" && other.outcome !== "lost";
  await insertDispute(tx, { ...values, outcome: isNew ? "lost" : other.outcome });
  return isNew ? needsReview(noteOf(dispute)) : processed("already_disputed");
}

async function open(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  { dispute, amountMinor }: DisputeEvent,
): Promise<UpdateOutcome> {
  await insertDispute(tx, {
    operationId: operation.id,
    ...dispute,
    amountMinor: disputedOf(operation, amountMinor),
  });
  await moveToDisputed(tx, context, operation, dispute);
  return needsReview(noteOf(dispute));
}

/** All of it, where the provider doesn't say how much. */
function disputedOf(operation: OperationRow, amountMinor: bigint | null): bigint {
  return amountMinor === null || amountMinor > operation.amountMinor ? operation.amountMinor : amountMinor;
}

async function moveToDisputed(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  { type }: Pick<Dispute, "type">,
): Promise<void> {
  if (operation.state === "disputed") return;
  await moveOperation(tx, context.actor, operation, { to: "disputed", reason: REASON_OF[type] });
}

function noteOf({ type, outcome }: Dispute): string {
  if (type === "reversal") return "reversed_after_credit";
  if (type === "refund") return outcome === "lost" ? "refunded_after_credit" : "refund_begun";
  return outcome === "lost" ? "dispute_lost" : "dispute_begun";
}

/** Another event about a dispute that we know. */
async function applyAgain(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  { known, dispute, amountMinor }: DisputeEvent & { known: DisputeRow },
): Promise<UpdateOutcome> {
  const isNew = dispute.outcome === "lost" && known.outcome !== "lost";
  if (isNew) await updateDispute(tx, known.id, { outcome: "lost" });
  if (known.state === "taken_back") return processed("already_taken_back");
  if (!isNew && known.state === "kept") return processed("already_kept");
  if (known.state === "kept") {
    await updateDispute(tx, known.id, { state: "open" });
    await moveToDisputed(tx, context, operation, dispute);
  }
  // An outdated event says nothing about what was lost.
  const isOutdated = dispute.outcome !== "lost" && known.outcome === "lost";
  if (amountMinor !== null && !isOutdated) {
    await updateDispute(tx, known.id, { amountMinor: disputedOf(operation, amountMinor) });
  }
  return isNew ? needsReview(noteOf(dispute)) : processed("already_disputed");
}

/** The provider didn't take the money: a dispute that still waits ends, unless the operator took it back already. */
async function applyWon(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  known: DisputeRow | null,
): Promise<UpdateOutcome> {
  if (known === null) return ignored("not_disputed");
  await updateDispute(tx, known.id, { outcome: "won" });
  if (known.state === "taken_back") return needsReview("won_after_take_back");
  if (known.state === "kept") return ignored("already_kept");
  await updateDispute(tx, known.id, { state: "kept" });
  await endWithoutOpen(tx, context, operation);
  return processed("dispute_won");
}

async function endWithoutOpen(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  const open = await listOpenDisputes(tx, operation.id);
  if (open.length === 0) await endDisputes(tx, context, operation);
}
