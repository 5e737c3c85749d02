import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { STALE_AFTER_MS } from "../operations/policy";
import { enqueueJob } from "../outbox/enqueue-job";
import { JOB_KEY_PREFIX, selectJoblessEvents } from "./store";

const BATCH_SIZE = 200;

/** Writes a job for unprocessed events that have none: the second net below the outbox. Answers how many. */
export async function requeueWebhooks(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - STALE_AFTER_MS);
  const open = await selectJoblessEvents(context.db, before, BATCH_SIZE);
  await inTransaction(context.db, async (tx) => {
    for (const { id } of open) {
      await enqueueJob(tx, "process_webhook", { eventId: id.toString() }, { key: JOB_KEY_PREFIX + id });
    }
  });
  return open.length;
}
