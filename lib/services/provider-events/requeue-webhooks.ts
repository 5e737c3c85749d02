import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { STALE_AFTER_MS } from "../operations/policy";
import { enqueueProcessing } from "./enqueue-processing";
import { selectJoblessEvents } from "./store";

const BATCH_SIZE = 200;

/** Writes a job for unprocessed events that have none, in case one was lost. Answers how many. */
export async function requeueWebhooks(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - STALE_AFTER_MS);
  const open = await selectJoblessEvents(context.db, before, BATCH_SIZE);
  await inTransaction(context.db, async (tx) => {
    for (const { id } of open) await enqueueProcessing(tx, id);
  });
  return open.length;
}
