import type { Transaction } from "@/db/client";
import { log } from "@/lib/log";
import type { ProviderState } from "@/lib/providers/provider";
import type { Context } from "../context";
import type { Outcome } from "../deposits/apply-collection";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { isOtherMode } from "../provider-events/is-other-mode";
import { freeze, refund, reverse, settle } from "./settle";

/** What a provider says about a payout. */
export interface PayoutNews extends ProviderState {
  provider: string;
  reference: string | null;
  /** True when we asked and this is the answer; a webhook alone never undoes a success by saying failed. */
  confirmed: boolean;
}

const processed = (note: string): Outcome => ({ state: "processed", note });
const ignored = (note: string): Outcome => ({ state: "ignored", note });
const needsReview = (note: string): Outcome => ({ state: "needs_review", note });

/**
 * Applies a provider's news to a withdrawal, in the caller's transaction: it ends paid xor refunded, once, whatever
 * the order and number of the news. What contradicts a refund becomes a conflict, with the amount frozen.
 */
export async function applyPayout(tx: Transaction, context: Context, news: PayoutNews): Promise<Outcome> {
  if (isOtherMode(news)) return needsReview("other_mode");
  const operation = news.reference ? await lockOperation(tx, news.reference) : null;
  if (operation?.type !== "withdrawal" || operation.provider !== news.provider)
    return needsReview("unknown_reference");
  const { providerReference } = operation;
  if (
    providerReference !== null &&
    news.providerReference !== null &&
    providerReference !== news.providerReference
  ) {
    return needsReview("other_provider_reference");
  }
  switch (news.status) {
    case "succeeded":
      return await applySuccess(tx, context, operation, news);
    case "failed":
    case "reversed":
      return await applyUndoing(tx, context, operation, news);
    default:
      return ignored(`status_${news.status}`);
  }
}

function bound(operation: OperationRow, news: PayoutNews): { providerReference?: string } {
  return operation.providerReference === null && news.providerReference !== null
    ? { providerReference: news.providerReference }
    : {};
}

async function applySuccess(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  news: PayoutNews,
): Promise<Outcome> {
  const { amount, currencyCode } = news;
  if (currencyCode !== null && currencyCode !== operation.currency) return needsReview("currency_mismatch");
  if (amount && amount.amountMinor !== operation.amountMinor) return needsReview("amount_mismatch");
  switch (operation.state) {
    case "created":
    case "submitting":
    case "submitted":
    case "unknown":
      await settle(tx, context, operation, bound(operation, news));
      return processed("paid");
    case "refunded":
      // The reversal overtook the success that it reverses.
      if (operation.reason === "reversed") return ignored("already_reversed");
      log.error({ reference: operation.reference }, "payout succeeded after its refund");
      await freeze(tx, context, operation);
      return needsReview("paid_after_refund");
    default:
      return ignored(`already_${operation.state}`);
  }
}

/** A payout that failed or was taken back: refunded when it was never paid, reversed when it was. */
async function applyUndoing(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  news: PayoutNews,
): Promise<Outcome> {
  const isReversal = news.status === "reversed";
  switch (operation.state) {
    case "submitting":
    case "submitted":
    case "unknown":
      await refund(tx, context, operation, isReversal ? "reversed" : "payout_failed", bound(operation, news));
      return processed("refunded");
    case "paid":
      if (!isReversal && !news.confirmed) return needsReview("failed_after_paid");
      // It was refunded once before an operator found it paid: its one refund is spent.
      if (operation.reason === "checked") return needsReview("undone_after_decision");
      await reverse(tx, context, operation);
      return processed("reversed");
    default:
      return ignored(`already_${operation.state}`);
  }
}
