import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { type OperatorNote, recordDecision } from "../operations/record-decision";
import { closeReviewedEvents, lockEvent } from "./store";

/**
 * Closes a webhook event in review by an operator's decision. No money moves, whatever the event says. Throws
 * `unauthenticated`, and `not_found` for an event that doesn't exist or isn't in review.
 */
export async function closeWebhook(
  context: Context,
  order: OperatorNote & { eventId: bigint },
): Promise<void> {
  requireSystem(context);
  const { eventId, operator, note } = order;
  await inTransaction(context.db, async (tx) => {
    const event = await lockEvent(tx, eventId);
    if (event?.state !== "needs_review") throw new DomainError("not_found");
    await closeEventsInReview(tx, { eventId });
    await recordDecision(tx, event.reference, { eventId, verdict: "closed", operator, note });
  });
}

/**
 * Closes events in review whose matter an operator has resolved: one by its id, all that name a reference, or of these only the
 * ones about money that was given back after its credit.
 */
export async function closeEventsInReview(
  tx: Transaction,
  which: { eventId: bigint } | { reference: string; only?: "disputes" },
): Promise<void> {
  await closeReviewedEvents(tx, which, "resolved");
}
