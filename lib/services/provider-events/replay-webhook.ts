import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { enqueueProcessing } from "./enqueue-processing";
import { lockEvent, reopenEvent } from "./store";

/**
 * Sets a stored event back to received and writes its job, whatever its outcome was. An effect that it had already isn't
 * repeated. Throws `unauthenticated`, `not_found`.
 */
export async function replayWebhook(context: Context, eventId: bigint): Promise<void> {
  requireSystem(context);
  await inTransaction(context.db, async (tx) => {
    if (!(await lockEvent(tx, eventId))) throw new DomainError("not_found");
    await reopenEvent(tx, eventId);
    await enqueueProcessing(tx, eventId);
  });
}
