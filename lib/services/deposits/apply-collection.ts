import type { Transaction } from "@/db/client";
import { accountsOfProvider, openAccounts } from "@/lib/ledger/accounts";
import { draftDepositCredit, draftSuspense } from "@/lib/ledger/draft";
import { postEntry } from "@/lib/ledger/post";
import type { ProviderState } from "@/lib/providers/provider";
import type { Context } from "../context";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { moveOperation } from "../operations/record";
import { isOtherMode } from "../provider-events/is-other-mode";

/** What a provider says about a collection, and which of its events says so. */
export interface CollectionNews extends ProviderState {
  provider: string;
  /** Our reference, when it names one. */
  reference: string | null;
  /** Unique per provider: names the suspense entry, so that strange money is booked once too. */
  eventKey: string;
}

/** What became of the news; `needs_review` ones want an operator's eye. */
export type Outcome = { state: "processed" | "ignored" | "needs_review"; note: string };

const processed = (note: string): Outcome => ({ state: "processed", note });
const ignored = (note: string): Outcome => ({ state: "ignored", note });
const needsReview = (note: string): Outcome => ({ state: "needs_review", note });

/**
 * Applies a provider's news to a deposit, in the caller's transaction: credits it once, for exactly what was asked;
 * money that doesn't match goes to suspense with a reason. Repeats and old news change nothing.
 */
export async function applyCollection(
  tx: Transaction,
  context: Context,
  news: CollectionNews,
): Promise<Outcome> {
  if (isOtherMode(news)) return needsReview("other_mode");
  const operation = news.reference ? await lockOperation(tx, news.reference) : null;
  if (operation?.type !== "deposit" || operation.provider !== news.provider) {
    return await suspend(tx, context, news, "unknown_reference");
  }
  if (namesAnother(operation, news)) return await suspend(tx, context, news, "other_provider_reference");
  switch (news.status) {
    case "succeeded":
      return await credit(tx, context, operation, news);
    case "failed":
      if (operation.state !== "pending") return ignored(`already_${operation.state}`);
      await moveOperation(tx, context.actor, operation, {
        to: "failed",
        // Providers say by whom in their own words: cancelled_by_payer.
        reason: news.reasonCode?.startsWith("cancelled") ? "cancelled" : "payment_failed",
        ...bound(operation, news),
      });
      return processed("failed");
    case "reversed":
      return await takenBack(tx, context, operation, news);
    default:
      return ignored(`status_${news.status}`);
  }
}

async function credit(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  news: CollectionNews,
): Promise<Outcome> {
  if (operation.state === "succeeded") return ignored("already_succeeded");
  const mismatch = mismatchOf(operation, news);
  // In review already: this money is booked, whichever event or answer told of it first.
  if (mismatch && operation.state === "review") return needsReview(mismatch);
  if (mismatch) {
    const outcome = await suspend(tx, context, news, mismatch);
    const move = { to: "review", reason: mismatch, ...bound(operation, news) } as const;
    await moveOperation(tx, context.actor, operation, move);
    return outcome;
  }
  await postEntry(
    tx,
    draftDepositCredit({
      reference: operation.reference,
      occurredAt: context.now,
      walletId: operation.walletId,
      provider: news.provider,
      amount: { amountMinor: operation.amountMinor, currency: operation.currency },
    }),
  );
  await moveOperation(tx, context.actor, operation, {
    to: "succeeded",
    reason: null,
    ...bound(operation, news),
  });
  return processed("credited");
}

/**
 * The provider gave the payer's money back. Before it was credited that is a payment that failed; afterwards the money
 * may be spent, and what to do about it is a person's to decide.
 */
async function takenBack(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  news: CollectionNews,
): Promise<Outcome> {
  if (operation.state === "succeeded") return needsReview("reversed_after_credit");
  if (operation.state !== "pending") return ignored(`already_${operation.state}`);
  const move = { to: "failed", reason: "payment_failed", ...bound(operation, news) } as const;
  await moveOperation(tx, context.actor, operation, move);
  return processed("failed");
}

/** The first thing that differs from what was asked; null when all matches. */
function mismatchOf(operation: OperationRow, news: CollectionNews): string | null {
  if (news.currencyCode !== operation.currency) return "currency_mismatch";
  return news.amount?.amountMinor === operation.amountMinor ? null : "amount_mismatch";
}

function namesAnother(operation: OperationRow, news: CollectionNews): boolean {
  const { providerReference } = operation;
  return (
    providerReference !== null &&
    news.providerReference !== null &&
    providerReference !== news.providerReference
  );
}

/** The provider's reference is bound to the operation at first sight. */
function bound(operation: OperationRow, news: CollectionNews) {
  return operation.providerReference === null && news.providerReference !== null
    ? { patch: { providerReference: news.providerReference } }
    : {};
}

/** Books received money that isn't anybody's yet; without an amount in a currency of ours it can only be put up for review. */
async function suspend(
  tx: Transaction,
  context: Context,
  news: CollectionNews,
  why: string,
): Promise<Outcome> {
  if (news.status !== "succeeded" || !news.amount) return needsReview(why);
  const { provider, amount, eventKey } = news;
  await openAccounts(tx, accountsOfProvider(provider, amount.currency));
  const source = `${provider}:${eventKey}`;
  await postEntry(tx, draftSuspense({ reference: source, occurredAt: context.now, provider, amount }));
  return needsReview(why);
}
