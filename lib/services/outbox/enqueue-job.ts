import type { Transaction } from "@/db/client";
import { insertJob } from "./store";

/** Every background job: its name and what it is handed. `lib/jobs` has one handler for each. */
export interface JobPayloads {
  /** Calls the provider for a withdrawal whose money is reserved. */
  submit_withdrawal: { operationId: string };
  /** Asks the provider about a deposit that somebody waits for. */
  check_deposit: { operationId: string };
  /** Turns a stored webhook event into ledger entries. */
  process_webhook: { eventId: string };
  /** Compares our book with a provider's, as a run was written down. */
  reconcile: { runId: string };
}

export type JobName = keyof JobPayloads;

interface JobOptions {
  runAt?: Date;
  /** One waiting job at most with this key; a later one replaces it. A worker tells by it which job was replaced while it ran. */
  key: string;
}

/** Writes a job in the caller's transaction: it runs if, and only if, that transaction commits. At least once. */
export async function enqueueJob<N extends JobName>(
  tx: Transaction,
  name: N,
  payload: JobPayloads[N],
  options: JobOptions,
): Promise<void> {
  await insertJob(tx, { name, payload: JSON.stringify(payload), ...options });
}
