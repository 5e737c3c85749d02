import { AsyncLocalStorage } from "node:async_hooks";
import type { JobHelpers, TaskList } from "graphile-worker";
import type postgres from "postgres";
import { ProviderError } from "@/lib/providers/provider";
import { runConcurrently } from "./run-concurrently";
import type { TestClock } from "./test-clock";

const WORKERS = 8;
const CLAIMED_AT_ONCE = 64;

/** Errors that jobs throw on purpose, so that the queue retries them. */
const RETRY_ERRORS = [
  "the withdrawal's outcome is still open",
  "the provider's books are behind its own event",
  "the operation isn't bound to the provider's reference yet",
];

interface Job {
  id: string;
  identifier: string;
  payload: unknown;
}

interface Running {
  /** The worker dies now: the queue never hears of the job again, though what it started may go on. */
  die(): void;
}

const running = new AsyncLocalStorage<Running>();

/** Ends the worker whose job is calling, as kill -9 would. */
export function killCallingWorker(): void {
  running.getStore()?.die();
}

/** Runs the queue's jobs by a test clock: claims them, retries failed ones later, leaves those of dead workers locked. */
export class JobPump {
  /** Errors that no job may fail with. */
  readonly failures: string[] = [];
  readonly counts = { done: 0, again: 0, died: 0, twice: 0 };

  constructor(
    private readonly owner: postgres.Sql,
    private readonly tasks: TaskList,
    private readonly clock: TestClock,
  ) {}

  /** Runs until no job is due. Jobs for which `twice` is true run in two workers at the same time. */
  async drain(twice: () => boolean = () => false): Promise<void> {
    // A new worker releases the jobs of dead ones.
    await this.owner`update graphile_worker._private_jobs set locked_at = null, locked_by = null
      where locked_at is not null`;
    for (let jobs = await this.#claim(); jobs.length > 0; jobs = await this.#claim()) {
      await runConcurrently(jobs, WORKERS, (job) => this.#run(job, twice()));
    }
  }

  /** Number of jobs that wait, due or not. */
  async waiting(): Promise<number> {
    const [row] = await this.owner<{ count: number }[]>`
      select count(*)::int as count from graphile_worker._private_jobs where attempts < max_attempts`;
    return row?.count ?? 0;
  }

  async #claim(): Promise<Job[]> {
    return await this.owner<Job[]>`
      with due as (
        select id from graphile_worker._private_jobs
        where locked_at is null and attempts < max_attempts and run_at <= ${this.clock.now()}
        order by priority, run_at, id limit ${CLAIMED_AT_ONCE} for update skip locked)
      update graphile_worker._private_jobs j set attempts = j.attempts + 1, locked_by = 'test', locked_at = now()
      from due, graphile_worker._private_tasks t
      where j.id = due.id and t.id = j.task_id returning j.id::text, t.identifier, j.payload`;
  }

  async #run(job: Job, isTwice: boolean): Promise<void> {
    if (isTwice) this.counts.twice += 1;
    const attempt = () => this.#attempt(job);
    const ends = await Promise.all(isTwice ? [attempt(), attempt()] : [attempt()]);
    const end = ends.includes("died") ? "died" : (ends.find((each) => each === "again") ?? "done");
    this.counts[end] += 1;
    if (end === "done") await this.owner`delete from graphile_worker._private_jobs where id = ${job.id}`;
    // As graphile-worker does: e^attempts seconds, e^10 at most.
    if (end === "again") {
      await this.owner`update graphile_worker._private_jobs set locked_at = null, locked_by = null,
        run_at = ${this.clock.now()}::timestamptz + exp(least(attempts, 10)) * interval '1 second' where id = ${job.id}`;
    }
  }

  async #attempt(job: Job): Promise<"done" | "again" | "died"> {
    const task = this.tasks[job.identifier];
    if (!task) throw new Error(`no task ${job.identifier}`);
    let die = () => {};
    const died = new Promise<"died">((resolve) => {
      die = () => resolve("died");
    });
    const ended = running.run({ die }, async () => {
      try {
        // No task of ours uses the helpers.
        await task(job.payload, {} as JobHelpers);
        return "done" as const;
      } catch (error) {
        if (!isExpected(error)) this.failures.push(`${job.identifier}: ${describe(error)}`);
        return "again" as const;
      }
    });
    return await Promise.race([ended, died]);
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof ProviderError || (error instanceof Error && RETRY_ERRORS.includes(error.message));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
}
