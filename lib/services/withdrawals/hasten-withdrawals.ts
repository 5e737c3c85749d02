import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { bringJobsForward } from "../outbox/bring-jobs-forward";
import { SUBMISSION_PAUSE_MAX_MS } from "./policy";
import { JOB_KEY_PREFIX } from "./store";

/**
 * Bounds the queue's back-off, which grows to six hours: after a long outage of a provider reserved money goes out within
 * minutes of its end. Answers how many jobs were brought forward.
 */
export async function hastenWithdrawals(context: Context): Promise<number> {
  const latest = new Date(context.now.getTime() + SUBMISSION_PAUSE_MAX_MS);
  return await inTransaction(context.db, (tx) => bringJobsForward(tx, JOB_KEY_PREFIX, latest));
}
