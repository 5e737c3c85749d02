import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { enqueueJob } from "../outbox/enqueue-job";
import { selectOpenEvents } from "./store";

const OVERDUE_MS = 60_000;
const REQUEUE_LIMIT = 200;

/** Writes a job again for events that nobody processed: the second net below the outbox. Answers how many. */
export async function requeueWebhooks(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - OVERDUE_MS);
  const open = await selectOpenEvents(context.db, before, REQUEUE_LIMIT);
  await inTransaction(context.db, async (tx) => {
    for (const { id } of open) {
      await enqueueJob(tx, "process_webhook", { eventId: id.toString() }, { key: `webhook:${id}` });
    }
  });
  return open.length;
}
