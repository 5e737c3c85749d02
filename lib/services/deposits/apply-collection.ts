import type { Transaction } from "@/db/client";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftDepositCredit, draftSuspense } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import type { Context } from "../context";
import { isCredited } from "../operations/kinds";
import { lockOperation, type OperationRow } from "../operations/operation";
import {
  bindingOf,
  ignored,
  isOtherMode,
  isOtherTransaction,
  needsReview,
  type ProviderUpdate,
  processed,
  suspenseSource,
  type UpdateOutcome,
} from "../operations/provider-update";
import type { Reason } from "../operations/reasons";
import { moveOperation } from "../operations/record";
import { repayOwed } from "../wallets/repay-owed";
import { applyDispute } from "./apply-dispute";
import { keepPaidAt } from "./keep-paid-at";

/** A payment of the deposit was given back to its payer before it was credited. */
const REFUNDED_UNCREDITED: Reason = "refunded_before_credit";

/** How a collection stands, as its provider says. */
export interface CollectionUpdate extends ProviderUpdate {
  /** Unique per provider: names the suspense entry, so that one payment is booked to suspense once. */
  eventKey: string;
}

/**
 * Applies a provider's update to a deposit, in the caller's transaction: credits it once, for exactly the amount that was
 * requested; money that doesn't match goes to suspense with a reason. Repeated and outdated updates change nothing.
 */
export async function applyCollection(
  tx: Transaction,
  context: Context,
  update: CollectionUpdate,
): Promise<UpdateOutcome> {
  if (isOtherMode(update)) return needsReview("other_mode");
  const operation = update.reference ? await lockOperation(tx, update.reference) : null;
  if (operation && operation.type !== "deposit") return needsReview("other_kind");
  if (!operation || operation.provider !== update.provider) {
    return await suspend(tx, context, update, "unknown_reference");
  }
  if (isOtherTransaction(operation, update))
    return await suspend(tx, context, update, "other_provider_reference");
  switch (update.status) {
    case "succeeded":
      return await credit(tx, context, operation, update);
    case "failed":
      if (operation.state !== "pending") return ignored(`already_${operation.state}`);
      await moveOperation(tx, context.actor, operation, {
        to: "failed",
        // Each provider has its own codes: cancelled_by_payer, for example.
        reason: update.reasonCode?.startsWith("cancelled") ? "cancelled" : "payment_failed",
        patch: bindingOf(operation, update),
      });
      return processed("failed");
    case "reversed":
      return await applyReversal(tx, context, operation, update);
    default:
      return ignored(`status_${update.status}`);
  }
}

async function credit(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  update: CollectionUpdate,
): Promise<UpdateOutcome> {
  if (isCredited(operation.state)) return ignored(`already_${operation.state}`);
  // What was paid went back to its payer: the provider's account has nothing that could be credited.
  if (operation.reason === REFUNDED_UNCREDITED) return needsReview("reversed_before_credit");
  const mismatch = mismatchOf(operation, update);
  // In review already: the money is in suspense, booked by whichever webhook or query came first.
  if (mismatch && operation.state === "review") return needsReview(mismatch);
  if (mismatch) {
    const outcome = await suspend(tx, context, update, mismatch);
    const move = { to: "review", reason: mismatch, patch: bindingOf(operation, update) } as const;
    await moveOperation(tx, context.actor, operation, move);
    return outcome;
  }
  await postEntry(
    tx,
    draftDepositCredit({
      reference: operation.reference,
      occurredAt: context.now,
      walletId: operation.walletId,
      provider: update.provider,
      amount: { amountMinor: operation.amountMinor, currency: operation.currency },
    }),
  );
  await moveOperation(tx, context.actor, operation, {
    to: "succeeded",
    reason: null,
    patch: bindingOf(operation, update),
  });
  if (update.paidAt) {
    await keepPaidAt(tx, context, operation, { stamp: update.paidAt, since: operation.createdAt });
  }
  const { walletId, currency, reference } = operation;
  await repayOwed(tx, { walletId, currency, source: reference, occurredAt: context.now });
  return processed("credited");
}

/**
 * The provider gave the payer's money back. After the credit the deposit is disputed; before it, whatever its state, nothing
 * is credited any more without an operator, since events may come in any order.
 */
async function applyReversal(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  update: CollectionUpdate,
): Promise<UpdateOutcome> {
  if (isCredited(operation.state)) {
    // It has no name of its own: a payment may be given back in parts.
    const subject = `${operation.reference}:${update.amount?.amountMinor ?? "all"}`;
    const dispute = { type: "reversal", subject, outcome: "lost" } as const;
    return await applyDispute(tx, context, { ...update, dispute });
  }
  if (operation.reason === REFUNDED_UNCREDITED) return processed("already_reversed");
  const to = operation.state === "pending" ? "failed" : operation.state;
  const move = { to, reason: REFUNDED_UNCREDITED, patch: bindingOf(operation, update) };
  await moveOperation(tx, context.actor, operation, move);
  return needsReview("reversed_before_credit");
}

/** The first difference from the requested payment; null when all matches. */
function mismatchOf(operation: OperationRow, update: CollectionUpdate): string | null {
  if (update.currencyCode !== operation.currency) return "currency_mismatch";
  return update.amount?.amountMinor === operation.amountMinor ? null : "amount_mismatch";
}

/** Books received money that can't be credited; without an amount in a supported currency it only needs review. */
async function suspend(
  tx: Transaction,
  context: Context,
  update: CollectionUpdate,
  reason: string,
): Promise<UpdateOutcome> {
  if (update.status !== "succeeded" || !update.amount) return needsReview(reason);
  const { provider, amount, eventKey } = update;
  await openAccounts(tx, accountsOfProvider(provider, amount.currency));
  const source = suspenseSource(provider, eventKey);
  await postEntry(tx, draftSuspense({ reference: source, occurredAt: context.now, provider, amount }));
  return needsReview(reason);
}
