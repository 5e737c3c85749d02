import type { Transaction } from "@/db/client";
import { preparedSql } from "@/db/transaction";

// With graphile-worker's exponential back-off the last try comes some days after the first.
const ATTEMPTS_MAX = 20;

export interface NewJob {
  name: string;
  payload: string;
  runAt?: Date;
  key?: string;
}

export async function insertJob(tx: Transaction, job: NewJob): Promise<void> {
  const sql = preparedSql(tx);
  await sql`select graphile_worker.add_job(
    identifier := ${job.name}, payload := ${job.payload}::text::json, max_attempts := ${ATTEMPTS_MAX},
    run_at := ${job.runAt?.toISOString() ?? null}::text::timestamptz, job_key := ${job.key ?? null})`;
}
