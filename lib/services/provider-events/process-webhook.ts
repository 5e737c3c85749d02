import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Provider, ProviderState } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { applyCollection, type Outcome } from "../deposits/apply-collection";
import { providerReferenceOf } from "../operations/reference-of";
import { applyPayout } from "../withdrawals/apply-payout";
import { readFacts } from "./facts";
import { closeEvent, findEvent, lockEvent, type WebhookEventRow } from "./store";

/** A provider whose books don't show what its event said by now never will: a person has to ask it. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;
const BOOKS_BEHIND: Outcome = { state: "needs_review", note: "books_behind" };

/**
 * Turns a stored event into ledger entries: where the provider can be asked it is asked first, and its answer counts.
 * Runs at least once and takes effect once. A provider that can't be asked just now makes it throw: the job tries again.
 */
export async function processWebhook(context: Context, eventId: bigint): Promise<void> {
  const event = await findEvent(context.db, eventId);
  if (event?.state !== "received") return;
  const provider = getProvider(event.provider);
  const asker: Context = { ...context, actor: { kind: "provider", name: provider.name } };
  const said = readFacts(event.payload);
  const asked = await askProvider(context, provider, event, said);
  const isContradicted = asked !== null && isBehind(event.kind, asked, said);
  if (isContradicted && context.now.getTime() - event.receivedAt.getTime() < PATIENCE_MS) {
    throw new Error("the provider's books are behind its own event");
  }
  const outcome = await inTransaction(context.db, async (tx) => {
    const locked = await lockEvent(tx, eventId);
    if (locked?.state !== "received") return null;
    const result = isContradicted ? BOOKS_BEHIND : await apply(tx, asker, provider, locked, { said, asked });
    await closeEvent(tx, eventId, result);
    return result;
  });
  if (!outcome) return;
  const level = outcome.state === "needs_review" ? "error" : "info";
  log[level]({ event: eventId.toString(), reference: event.reference, ...outcome }, "webhook processed");
}

/** The event tells of something that the books don't show yet: asking again later will tell. */
function isBehind(kind: WebhookEventRow["kind"], asked: ProviderState, said: ProviderState): boolean {
  const isOpen = ({ status }: ProviderState) => status === "pending" || status === "not_found";
  if (isOpen(said)) return false;
  if (isOpen(asked)) return true;
  // What failed may be paid at the next try.
  if (said.status === "succeeded") return asked.status === "failed";
  // A collection that was paid is paid, whatever is told of other tries; a payout may be undone.
  return kind === "payout" && asked.status === "succeeded";
}

/** Null when this provider can't be asked about this kind. */
async function askProvider(
  { db }: Context,
  provider: Provider,
  event: WebhookEventRow,
  said: ProviderState,
): Promise<ProviderState | null> {
  const { reference } = event;
  if (reference === null) return null;
  const { queriesCollections, queriesPayouts } = provider.capabilities;
  // Some can be asked by their own name only, which the operation knows and a hint may not.
  const theirs = said.providerReference ?? (await providerReferenceOf(db, provider.name, reference));
  if (event.kind === "collection" && queriesCollections && provider.getCollection) {
    return await provider.getCollection(reference, theirs);
  }
  if (event.kind === "payout" && queriesPayouts && provider.getPayout) {
    return await provider.getPayout(reference, theirs);
  }
  return null;
}

async function apply(
  tx: Transaction,
  context: Context,
  provider: Provider,
  event: WebhookEventRow,
  news: { said: ProviderState; asked: ProviderState | null },
): Promise<Outcome> {
  const { said, asked } = news;
  if (!asked && !provider.capabilities.signedWebhooks)
    return { state: "needs_review", note: "unsigned_and_unasked" };
  const facts = {
    ...(asked ?? said),
    provider: provider.name,
    reference: event.reference,
    eventKey: event.eventKey,
  };
  switch (event.kind) {
    case "collection":
      return await applyCollection(tx, context, facts);
    case "payout":
      return await applyPayout(tx, context, { ...facts, confirmed: asked !== null });
    default:
      return { state: "ignored", note: "unknown_event" };
  }
}
