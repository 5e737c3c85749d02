import { setTimeout as sleep } from "node:timers/promises";
import { type LogFunctionFactory, Logger, type Runner, run, type TaskList } from "graphile-worker";
import postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { config } from "@/lib/config";
import { log } from "@/lib/log";
import { QUICK_SWEEPS, REMOTE_SWEEPS, sweepUntil } from "./sweeps";
import { createTasks } from "./tasks";

/** Any constant: the advisory lock by which the workers of one database elect one. */
const WORKER_LOCK = 7_226_002;
const CONCURRENCY = 8;

/** How long it pauses between looks, and what it runs: tests wait less, and have tasks of their own. */
export interface WorkerOptions {
  electionPauseMs: number;
  pollPauseMs: number;
  sweepPauseMs: number;
  quickPauseMs: number;
  tasks: (db: Database) => TaskList;
}

const DEFAULTS: WorkerOptions = {
  electionPauseMs: 500,
  pollPauseMs: 1_000,
  sweepPauseMs: 20_000,
  quickPauseMs: 1_000,
  tasks: createTasks,
};

// The queue's own log lines hold job ids and errors, never payloads.
const queueLogger: LogFunctionFactory = () => (level, message) => {
  if (level === "error" || level === "warning") log.warn({ queue: message }, "job queue");
};

/**
 * Unlocks jobs whose worker died: the elected worker is the only one, so every lock that it finds is stale. A job without a
 * key was replaced while it ran (the queue takes the key and all attempts): its successor does the work, so it is completed.
 */
async function unlockStaleJobs(sql: postgres.Sql): Promise<void> {
  const rows = await sql<{ id: string; locked_by: string; is_replaced: boolean }[]>`
    select id, locked_by, key is null and attempts >= max_attempts as is_replaced
    from graphile_worker._private_jobs where locked_by is not null`;
  const workers = [...new Set(rows.map((row) => row.locked_by))];
  if (workers.length > 0) await sql`select graphile_worker.force_unlock_workers(${workers})`;
  const replaced = rows.filter((row) => row.is_replaced).map(({ id }) => id);
  if (replaced.length > 0) await sql`select graphile_worker.complete_jobs(${replaced}::bigint[])`;
}

/**
 * Resolves with true when this connection holds the lock, with false when `signal` aborts before. It polls: a statement that
 * waits inside PostgreSQL holds a snapshot, which holds up vacuum and concurrent index builds.
 */
async function isElected(sql: postgres.Sql, pauseMs: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const [row] = await sql<{ taken: boolean }[]>`select pg_try_advisory_lock(${WORKER_LOCK}) as taken`;
    if (row?.taken === true) return !signal.aborted;
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
  return false;
}

/**
 * Starts the background worker: the outbox's jobs and the sweeps. Of several workers on one database one is elected, and the
 * others wait to take over. `onLost` is called when the connection with the lock is lost: the process must end.
 */
export async function startWorker(
  onLost: () => void = () => {},
  options: Partial<WorkerOptions> = {},
): Promise<{ stop(): Promise<void> }> {
  const { electionPauseMs, pollPauseMs, sweepPauseMs, quickPauseMs, tasks } = { ...DEFAULTS, ...options };
  const url = config().database.url;
  const stopping = new AbortController();
  const lost = () => {
    if (!stopping.signal.aborted) onLost();
  };
  const election = postgres(url, { max: 1, idle_timeout: 0, max_lifetime: null, onclose: lost });
  const parts: { db?: Database; runner?: Runner; sweeping?: Promise<unknown> } = {};

  const working = (async () => {
    if (!(await isElected(election, electionPauseMs, stopping.signal))) return;
    await unlockStaleJobs(election);
    const db = openDatabase(url, { max: 4, name: "cauris worker" });
    parts.db = db;
    parts.runner = await run({
      connectionString: url,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      pollInterval: pollPauseMs,
      // Stopping the queue awaits only batched completions: without batches a finished job stayed locked.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: tasks(db),
      logger: new Logger(queueLogger),
    });
    parts.sweeping = Promise.all([
      sweepUntil(db, sweepPauseMs, stopping.signal),
      sweepUntil(db, quickPauseMs, stopping.signal, QUICK_SWEEPS),
      sweepUntil(db, sweepPauseMs, stopping.signal, REMOTE_SWEEPS),
    ]);
    log.info("worker started");
  })();
  working.catch((error) => {
    if (!stopping.signal.aborted) log.error({ err: error }, "worker failed");
    lost();
  });

  return {
    async stop() {
      stopping.abort();
      await parts.runner?.stop();
      await parts.sweeping;
      if (parts.db) await closeDatabase(parts.db);
      await election.end({ timeout: 2 });
    },
  };
}
