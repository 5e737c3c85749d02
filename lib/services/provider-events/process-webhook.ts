import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Provider, ProviderState } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { applyCollection } from "../deposits/apply-collection";
import { applyDispute } from "../deposits/apply-dispute";
import { findOperation, providerReferenceOf } from "../operations/operation";
import {
  ignored,
  isOtherTransaction,
  needsReview,
  type ProviderUpdate,
  type UpdateOutcome,
} from "../operations/provider-update";
import { applyPayout } from "../withdrawals/apply-payout";
import { findSubject, mayBeBoundSoon, type Subject } from "./find-subject";
import { type Claim, readPayload } from "./payload";
import { closeEvent, findEvent, insertEventNotice, lockEvent, type WebhookEventRow } from "./store";

/** How long a provider's books may lag behind its own event; after that an operator has to contact it. */
const PROVIDER_LAG_MAX_MS = 24 * 60 * 60 * 1000;

/** What the event claims, and what the provider confirmed when it was queried; null where it has no query. */
interface Evidence {
  claimed: Claim;
  confirmed: ProviderState | null;
  subject: Subject;
}

/**
 * Applies a stored event to its deposit or withdrawal. Where the provider has a query it is queried first, and its answer
 * counts instead of the event. Runs at least once and takes effect once. An event that names something of ours and isn't
 * understood needs review. Throws while the provider can't answer, its books lag behind its event, or the operation isn't
 * bound to the provider's reference yet: the job tries again.
 */
export async function processWebhook(context: Context, eventId: bigint): Promise<void> {
  const stored = await findEvent(context.db, eventId);
  if (stored?.state !== "received") return;
  const provider = getProvider(stored.provider);
  const asProvider: Context = { ...context, actor: { kind: "provider", name: provider.name } };
  const claimed = readPayload(stored.payload);
  // The row's reference is the operation that was found when it was processed before.
  const named = claimed.reference === undefined ? stored.reference : claimed.reference;
  const subject = await findSubject(context.db, { ...stored, reference: named }, claimed);
  const { reference } = subject;
  const event = { ...stored, reference, kind: kindOf(stored, claimed, subject) };
  if (await mayBeBoundSoon(context.db, { ...event, kind: stored.kind }, claimed, context.now)) {
    throw new Error("the operation isn't bound to the provider's reference yet");
  }
  // What only mentions an operation says nothing about it, so there is nothing to query.
  const confirmed = subject.isOnlyMentioned ? null : await queryProvider(context, provider, event, claimed);
  const isLagging = confirmed !== null && isBehind(event.kind, { claimed, confirmed });
  if (isLagging && context.now.getTime() - event.receivedAt.getTime() < PROVIDER_LAG_MAX_MS) {
    throw new Error("the provider's books are behind its own event");
  }
  const closed = await inTransaction(context.db, async (tx) => {
    const locked = await lockEvent(tx, eventId);
    if (locked?.state !== "received") return null;
    const outcome = isLagging
      ? needsReview("books_behind")
      : await apply(tx, asProvider, provider, event, { claimed, confirmed, subject });
    await closeEvent(tx, eventId, { ...outcome, reference });
    const isFirst = outcome.state !== "needs_review" || (await insertEventNotice(tx, eventId));
    return { outcome, level: outcome.state === "needs_review" && isFirst ? "error" : "info" } as const;
  });
  if (!closed) return;
  const { outcome, level } = closed;
  log[level]({ event: eventId.toString(), reference, ...outcome }, "webhook processed");
}

/** Where the event doesn't say whether it is about a payment or a payout, the operation that it names does. */
function kindOf(
  { kind }: WebhookEventRow,
  { isKindUnclear }: Claim,
  { type, isOnlyMentioned }: Subject,
): WebhookEventRow["kind"] {
  if (!isKindUnclear || isOnlyMentioned) return kind;
  if (type === "deposit") return "collection";
  return type === "withdrawal" ? "payout" : "unknown";
}

/** Whether the books don't show yet what the event claims, so that a later query may. */
function isBehind(
  kind: WebhookEventRow["kind"],
  { claimed, confirmed }: { claimed: ProviderState; confirmed: ProviderState },
): boolean {
  const isOpen = ({ status }: ProviderState) => status === "pending" || status === "not_found";
  if (isOpen(claimed)) return false;
  if (isOpen(confirmed)) return true;
  // A failed payment may succeed when the payer tries again.
  if (claimed.status === "succeeded") return confirmed.status === "failed";
  // A paid collection stays paid, whatever the event says of failed attempts; what was paid may be given back.
  return (kind === "payout" || claimed.status === "reversed") && confirmed.status === "succeeded";
}

/** Null when this provider has no query for this kind of event. */
async function queryProvider(
  { db }: Context,
  provider: Provider,
  event: WebhookEventRow,
  claimed: ProviderState,
): Promise<ProviderState | null> {
  const { reference } = event;
  if (reference === null) return null;
  const { queriesCollections, queriesPayouts } = provider.capabilities;
  // Some providers are queried by their own reference, which the operation has and the event may lack.
  const providerReference =
    claimed.providerReference ?? (await providerReferenceOf(db, provider.name, reference));
  if (event.kind === "collection" && queriesCollections && provider.getCollection) {
    return await provider.getCollection(reference, providerReference);
  }
  if (event.kind === "payout" && queriesPayouts && provider.getPayout) {
    return await provider.getPayout(reference, providerReference);
  }
  return null;
}

async function apply(
  tx: Transaction,
  context: Context,
  provider: Provider,
  event: WebhookEventRow,
  { claimed, confirmed, subject }: Evidence,
): Promise<UpdateOutcome> {
  if (event.kind === "unknown") return applyUnknown(event, claimed);
  // An unsigned callback is only a hint to query.
  if (!confirmed && !provider.capabilities.signedWebhooks) return needsReview("unsigned_and_unconfirmed");
  if (subject.isOnlyMentioned) return await applyMentioned(tx, context, event, { claimed, subject });
  const update = {
    ...(confirmed ?? claimed),
    provider: provider.name,
    reference: event.reference,
    eventKey: event.eventKey,
    ...paidAtOf(provider, event, { claimed, confirmed }),
  };
  switch (event.kind) {
    case "collection":
      return await applyCollection(tx, context, update);
    case "payout":
      return await applyPayout(tx, context, { ...update, confirmed: confirmed !== null });
    case "dispute":
      if (await isOfOtherTransaction(tx, update)) return needsReview("other_provider_reference");
      return await applyDispute(tx, context, { ...update, dispute: claimed.dispute });
  }
}

/** When the payer paid: as the provider stamped it, and no later than its signed event that says so was received. */
function paidAtOf(
  { capabilities }: Provider,
  { receivedAt }: WebhookEventRow,
  { claimed, confirmed }: Pick<Evidence, "claimed" | "confirmed">,
): { paidAt?: Date } {
  const isTold = capabilities.signedWebhooks && claimed.status === "succeeded";
  const stamps = [confirmed?.paidAt, ...(isTold ? [claimed.paidAt, receivedAt] : [])];
  const [first] = stamps.filter((at) => at !== undefined);
  if (!first) return {};
  return { paidAt: isTold && receivedAt < first ? receivedAt : first };
}

async function isOfOtherTransaction(tx: Transaction, update: ProviderUpdate): Promise<boolean> {
  const operation = update.reference === null ? null : await findOperation(tx, update.reference);
  return operation !== null && isOtherTransaction(operation, update);
}

/** No operation moves; a payment that came in is booked to suspense. */
async function applyMentioned(
  tx: Transaction,
  context: Context,
  event: WebhookEventRow,
  { claimed, subject }: Pick<Evidence, "claimed" | "subject">,
): Promise<UpdateOutcome> {
  if (event.kind === "collection" && subject.type === "deposit") {
    const { provider, eventKey } = event;
    await applyCollection(tx, context, { ...claimed, provider, reference: null, eventKey });
  }
  return needsReview("only_mentioned");
}

/** What isn't understood is for a person to read, unless it names nothing of ours: a test event, for example. */
function applyUnknown({ reference }: WebhookEventRow, { isUnreadable, isKindUnclear }: Claim): UpdateOutcome {
  if (isUnreadable) return needsReview("unreadable_event");
  return reference === null && !isKindUnclear ? ignored("unknown_event") : needsReview("not_understood");
}
