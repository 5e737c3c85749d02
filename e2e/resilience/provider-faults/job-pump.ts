import { AsyncLocalStorage } from "node:async_hooks";
import type { JobHelpers, TaskList } from "graphile-worker";
import type postgres from "postgres";
import { ProviderError } from "@/lib/providers/provider";
import { inParallel } from "./in-parallel";
import type { ProofClock } from "./test-clock";

const WORKERS = 8;
const CLAIMED_AT_ONCE = 64;

/** What jobs throw on purpose, so that the queue tries again. */
const ASKED_FOR_AGAIN = [
  "the withdrawal's outcome is still open",
  "the provider's books are behind its own event",
];

interface Job {
  id: string;
  identifier: string;
  payload: unknown;
}

interface Running {
  /** The worker dies now: nobody will ever hear of the job again, though what it began may go on. */
  die(): void;
}

const running = new AsyncLocalStorage<Running>();

/** Ends the worker whose job is calling, as kill -9 would. Nothing that the caller still does is heard. */
export function killCallingWorker(): void {
  running.getStore()?.die();
}

/** The outbox's workers, by a clock that can be moved: jobs are claimed, done, tried again later or left by the dead. */
export interface JobPump {
  /** Works until nothing is due. `twice` says which jobs a second worker has in its hands at the same time. */
  drain(twice?: () => boolean): Promise<void>;
  /** Jobs that wait, due or not. */
  waiting(): Promise<number>;
  /** What jobs failed with that no job may fail with. */
  readonly failures: string[];
  readonly counts: { done: number; again: number; died: number; twice: number };
}

export function createPump(owner: postgres.Sql, tasks: TaskList, clock: ProofClock): JobPump {
  const failures: string[] = [];
  const counts = { done: 0, again: 0, died: 0, twice: 0 };

  async function work(job: Job): Promise<"done" | "again" | "died"> {
    const task = tasks[job.identifier];
    if (!task) throw new Error(`no task ${job.identifier}`);
    let die = () => {};
    const died = new Promise<"died">((resolve) => {
      die = () => resolve("died");
    });
    const ended = running.run({ die }, async () => {
      try {
        // None of our tasks looks at what else the queue would hand it.
        await task(job.payload, {} as JobHelpers);
        return "done" as const;
      } catch (error) {
        if (!isWanted(error)) failures.push(`${job.identifier}: ${describe(error)}`);
        return "again" as const;
      }
    });
    return await Promise.race([ended, died]);
  }

  async function runOne(job: Job, isTwice: boolean): Promise<void> {
    if (isTwice) counts.twice += 1;
    const ends = await Promise.all(isTwice ? [work(job), work(job)] : [work(job)]);
    const end = ends.includes("died") ? "died" : (ends.find((each) => each === "again") ?? "done");
    counts[end] += 1;
    if (end === "done") await owner`delete from graphile_worker._private_jobs where id = ${job.id}`;
    // As the queue does it: e^tries seconds, e^10 at most.
    if (end === "again") {
      await owner`update graphile_worker._private_jobs set locked_at = null, locked_by = null,
        run_at = ${clock.now()}::timestamptz + exp(least(attempts, 10)) * interval '1 second' where id = ${job.id}`;
    }
  }

  async function claim(): Promise<Job[]> {
    return await owner<Job[]>`
      with due as (
        select id from graphile_worker._private_jobs
        where locked_at is null and attempts < max_attempts and run_at <= ${clock.now()}
        order by priority, run_at, id limit ${CLAIMED_AT_ONCE} for update skip locked)
      update graphile_worker._private_jobs j set attempts = j.attempts + 1, locked_by = 'proof', locked_at = now()
      from due, graphile_worker._private_tasks t
      where j.id = due.id and t.id = j.task_id returning j.id::text, t.identifier, j.payload`;
  }

  return {
    failures,
    counts,
    async drain(twice = () => false) {
      // Whoever takes over gives back what the dead had in their hands.
      await owner`update graphile_worker._private_jobs set locked_at = null, locked_by = null
        where locked_at is not null`;
      for (let jobs = await claim(); jobs.length > 0; jobs = await claim()) {
        await inParallel(jobs, WORKERS, (job) => runOne(job, twice()));
      }
    },
    async waiting() {
      const [row] = await owner<{ count: number }[]>`
        select count(*)::int as count from graphile_worker._private_jobs where attempts < max_attempts`;
      return row?.count ?? 0;
    },
  };
}

function isWanted(error: unknown): boolean {
  return (
    error instanceof ProviderError || (error instanceof Error && ASKED_FOR_AGAIN.includes(error.message))
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}
