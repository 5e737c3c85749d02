import type { Transaction } from "@/db/client";
import { log } from "@/lib/log";
import type { Context } from "../context";
import { lockOperation, type OperationRow } from "../operations/operation";
import {
  bindingOf,
  ignored,
  isOtherMode,
  isOtherTransaction,
  needsReview,
  type ProviderUpdate,
  processed,
  type UpdateOutcome,
} from "../operations/provider-update";
import { freeze, refund, reverse, settle } from "./settle";

/** How a payout stands, as its provider says. */
export interface PayoutUpdate extends ProviderUpdate {
  /** True for the answer to a query of ours; an unconfirmed webhook never turns a paid withdrawal into a failed one. */
  confirmed: boolean;
}

/**
 * Applies a provider's update to a withdrawal, in the caller's transaction. Whatever the order and number of updates, the
 * withdrawal ends paid or refunded, once. A success after a refund makes it a conflict, with the amount frozen.
 */
export async function applyPayout(
  tx: Transaction,
  context: Context,
  update: PayoutUpdate,
): Promise<UpdateOutcome> {
  if (isOtherMode(update)) return needsReview("other_mode");
  const operation = update.reference ? await lockOperation(tx, update.reference) : null;
  if (operation?.type !== "withdrawal" || operation.provider !== update.provider)
    return needsReview("unknown_reference");
  if (isOtherTransaction(operation, update)) return needsReview("other_provider_reference");
  switch (update.status) {
    case "succeeded":
      return await applySuccess(tx, context, operation, update);
    case "failed":
    case "reversed":
      return await applyFailure(tx, context, operation, update);
    default:
      return ignored(`status_${update.status}`);
  }
}

async function applySuccess(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  update: PayoutUpdate,
): Promise<UpdateOutcome> {
  const mismatch = mismatchOf(operation, update);
  if (mismatch) return needsReview(mismatch);
  switch (operation.state) {
    case "created":
    case "submitting":
    case "submitted":
    case "unknown":
      await settle(tx, context, operation, bindingOf(operation, update));
      return processed("paid");
    case "refunded":
      // The reversal arrived before the success that it reverses.
      if (operation.reason === "reversed") return ignored("already_reversed");
      log.error({ reference: operation.reference }, "payout succeeded after its refund");
      await freeze(tx, context, operation);
      return needsReview("paid_after_refund");
    default:
      return ignored(`already_${operation.state}`);
  }
}

/** A difference from the requested payout; null where the update says nothing else. */
function mismatchOf(operation: OperationRow, { amount, currencyCode }: PayoutUpdate): string | null {
  if (currencyCode !== null && currencyCode !== operation.currency) return "currency_mismatch";
  return amount && amount.amountMinor !== operation.amountMinor ? "amount_mismatch" : null;
}

/** A payout that failed or was reversed: refunded when it was never paid, reversed when it was. */
async function applyFailure(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  update: PayoutUpdate,
): Promise<UpdateOutcome> {
  const mismatch = mismatchOf(operation, update);
  if (mismatch) return needsReview(mismatch);
  const isReversal = update.status === "reversed";
  const reason = isReversal ? "reversed" : "payout_failed";
  switch (operation.state) {
    case "submitting":
    case "submitted":
    case "unknown":
      await refund(tx, context, operation, reason, bindingOf(operation, update));
      return processed("refunded");
    case "paid":
      if (!isReversal && !update.confirmed) return needsReview("failed_after_paid");
      // An operator found it paid after a refund: the one refund that the ledger allows is spent.
      if (operation.reason === "checked") return needsReview("undone_after_decision");
      await reverse(tx, context, operation);
      return processed("reversed");
    default:
      return ignored(`already_${operation.state}`);
  }
}
