import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { enqueueJob } from "../outbox/enqueue-job";
import { JOB_KEY_PREFIX, selectJoblessEvents } from "./store";

const OVERDUE_MS = 60_000;
const REQUEUE_LIMIT = 200;

/** Writes a job for events that nobody processed and whose job is gone: the second net below the outbox. Answers how many. */
export async function requeueWebhooks(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - OVERDUE_MS);
  const open = await selectJoblessEvents(context.db, before, REQUEUE_LIMIT);
  await inTransaction(context.db, async (tx) => {
    for (const { id } of open) {
      await enqueueJob(tx, "process_webhook", { eventId: id.toString() }, { key: JOB_KEY_PREFIX + id });
    }
  });
  return open.length;
}
