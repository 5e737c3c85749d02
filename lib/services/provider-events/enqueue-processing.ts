import type { Transaction } from "@/db/client";
import { enqueueJob } from "../outbox/enqueue-job";
import { JOB_KEY_PREFIX } from "./store";

/** Has the worker apply a stored event. An earlier job that still waits is replaced, with all its attempts back. */
export async function enqueueProcessing(tx: Transaction, eventId: bigint): Promise<void> {
  const id = eventId.toString();
  await enqueueJob(tx, "process_webhook", { eventId: id }, { key: JOB_KEY_PREFIX + id });
}
