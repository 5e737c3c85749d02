import type { Transaction } from "@/db/client";
import { insertJob } from "./store";

/** Every background job with its payload. `lib/jobs` has one handler for each. */
export interface JobPayloads {
  /** Submits a withdrawal to its provider, or queries how it stands. */
  submit_withdrawal: { operationId: string };
  /** Queries the provider about a deposit. */
  check_deposit: { operationId: string };
  /** Applies a stored webhook event. */
  process_webhook: { eventId: string };
  /** Queues the messages of a notice that couldn't be queued with others. */
  deliver_notice: { userId: string; noticeId: string };
  /** Makes the PIN that waited for a forgotten one the person's. */
  complete_pin_reset: { userId: string };
  /** Compares our book with a provider's, for a scheduled run. */
  reconcile: { runId: string };
  /** Makes a statement or a copy of a person's data as a file. */
  make_statement_file: { fileId: string };
  /** Sends a queued message. */
  send_message: { messageId: string };
}

export type JobName = keyof JobPayloads;

interface JobOptions {
  /** Jobs of one queue run one after the other. */
  queue?: string;
  /** A larger number runs later; 0 when absent. */
  priority?: number;
  runAt?: Date;
  /** Some days' worth with the queue's own back-off when absent. */
  attemptsMax?: number;
  /**
   * At most one waiting job has this key: a later one replaces it, with all attempts back. The queue takes the key from a
   * running job that is replaced.
   */
  key: string;
}

/** Writes a job in the caller's transaction: it runs, at least once, if and only if that transaction commits. */
export async function enqueueJob<N extends JobName>(
  tx: Transaction,
  name: N,
  payload: JobPayloads[N],
  options: JobOptions,
): Promise<void> {
  await insertJob(tx, { name, payload: JSON.stringify(payload), ...options });
}
