import type { Transaction } from "@/db/client";
import { closeEventsInReviewEvents } from "./store";

/** A person decided about what these events in review told of: the one by its id, or all that name a reference. */
export async function closeEventsInReview(
  tx: Transaction,
  which: { eventId: bigint } | { reference: string },
): Promise<void> {
  await closeEventsInReviewEvents(tx, which, "decided");
}
