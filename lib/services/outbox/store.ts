import type { Transaction } from "@/db/client";
import { preparedSql } from "@/db/transaction";

// With graphile-worker's exponential back-off the last attempt comes some days after the first.
const ATTEMPTS_MAX = 20;

export interface NewJob {
  name: string;
  payload: string;
  runAt?: Date;
  attemptsMax?: number;
  queue?: string;
  priority?: number;
  key: string;
}

export async function insertJob(tx: Transaction, job: NewJob): Promise<void> {
  const sql = preparedSql(tx);
  await sql`select graphile_worker.add_job(
    identifier := ${job.name}, payload := ${job.payload}::text::json, max_attempts := ${job.attemptsMax ?? ATTEMPTS_MAX},
    run_at := ${job.runAt?.toISOString() ?? null}::text::timestamptz, job_key := ${job.key},
    queue_name := ${job.queue ?? null}::text, priority := ${job.priority ?? null}::int)`;
}

/** True when the job was dead and has its attempts back. */
export async function reviveJob(tx: Transaction, id: bigint): Promise<boolean> {
  const rows = await preparedSql(tx)`select id from graphile_worker.reschedule_jobs(
    (select array_agg(id) from graphile_worker._private_jobs
      where id = ${id.toString()} and attempts >= max_attempts and locked_at is null),
    run_at := now(), attempts := 0)`;
  return rows.length > 0;
}

/** Failed jobs that would run again after `latest` run then. Answers how many there were. */
export async function rescheduleLaterThan(tx: Transaction, keyPrefix: string, latest: Date): Promise<number> {
  const at = latest.toISOString();
  const rows = await preparedSql(tx)`select id from graphile_worker.reschedule_jobs(array(
    select id from graphile_worker._private_jobs where starts_with(key, ${keyPrefix}) and locked_at is null
      and attempts between 1 and max_attempts - 1 and run_at > ${at}::text::timestamptz), run_at := ${at}::text::timestamptz)`;
  return rows.length;
}

/** The queue takes the key, and all attempts left, from a job that is replaced while it runs. Answers how many there were. */
export async function completeReplacedJobs(tx: Transaction): Promise<number> {
  const rows = await preparedSql(tx)`select id from graphile_worker.complete_jobs(array(
    select id from graphile_worker._private_jobs where key is null and attempts >= max_attempts and locked_at is null))`;
  return rows.length;
}
