import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Decider, recordDecision } from "../back-office/decisions/record-decision";
import { type Context, requireSystem } from "../context";
import { closeEventsInReview } from "./close-events-in-review";
import { lockEvent } from "./store";

/**
 * An operator's word that a webhook event in review needs nothing more: it moves no money, whatever it says. Throws
 * `unauthenticated`, and `not_found` for an event that doesn't exist or does not need review.
 */
export async function closeWebhook(context: Context, order: Decider & { eventId: bigint }): Promise<void> {
  requireSystem(context);
  const { eventId, operator, note } = order;
  await inTransaction(context.db, async (tx) => {
    const event = await lockEvent(tx, eventId);
    if (event?.state !== "needs_review") throw new DomainError("not_found");
    await closeEventsInReview(tx, { eventId });
    await recordDecision(tx, event.reference, { eventId, verdict: "closed", operator, note });
  });
}
