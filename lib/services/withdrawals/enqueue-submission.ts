import type { Transaction } from "@/db/client";
import { enqueueJob } from "../outbox/enqueue-job";
import { SUBMISSION_ATTEMPTS_MAX } from "./policy";
import { JOB_KEY_PREFIX } from "./store";

/** Has the worker submit a withdrawal or query it. An earlier job that still waits is replaced, with all its attempts back. */
export async function enqueueSubmission(tx: Transaction, operationId: bigint): Promise<void> {
  const id = operationId.toString();
  const options = { key: JOB_KEY_PREFIX + id, attemptsMax: SUBMISSION_ATTEMPTS_MAX };
  await enqueueJob(tx, "submit_withdrawal", { operationId: id }, options);
}
