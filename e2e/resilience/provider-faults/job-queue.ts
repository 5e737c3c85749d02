import { AsyncLocalStorage } from "node:async_hooks";
import { Logger, runOnce, type Task, type TaskList } from "graphile-worker";
import type postgres from "postgres";
import { ProviderError } from "@/lib/providers/provider";

const WORKERS = 8;

/** Errors that jobs throw on purpose, so that the queue retries them. */
const RETRY_ERRORS = [
  "the withdrawal's outcome is still open",
  "the provider's books are behind its own event",
  "the operation isn't bound to the provider's reference yet",
];

class WorkerDied extends Error {}

const callingWorker = new AsyncLocalStorage<{ die(): void }>();

/** Ends the worker whose job is calling: the queue retries the job later, though what it started may go on. */
export function killCallingWorker(): void {
  callingWorker.getStore()?.die();
}

/** Runs the queue's jobs when a case asks for it, by the database's clock. */
export class JobQueue {
  /** Errors that no job may fail with. */
  readonly failures: string[] = [];
  readonly counts = { jobs: 0, twice: 0, died: 0 };
  readonly #tasks: TaskList;
  #isTwice = () => false;

  constructor(
    private readonly owner: postgres.Sql,
    private readonly databaseUrl: string,
    tasks: TaskList,
  ) {
    this.#tasks = Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [name, this.#observe(name, task as Task)]),
    );
  }

  /** Runs until no job is due. Jobs for which `isTwice` is true run in two workers at the same time. */
  async drain(isTwice = () => false): Promise<void> {
    this.#isTwice = isTwice;
    const logger = new Logger(() => () => {});
    const settings = { concurrency: WORKERS, noHandleSignals: true, logger };
    await runOnce({ connectionString: this.databaseUrl, taskList: this.#tasks, ...settings });
  }

  /** Number of jobs that wait, due or not. */
  async waiting(): Promise<number> {
    const [row] = await this.owner<{ count: number }[]>`
      select count(*)::int as count from graphile_worker._private_jobs where attempts < max_attempts`;
    return row?.count ?? 0;
  }

  #observe(name: string, task: Task): Task {
    return async (payload, helpers) => {
      const copies = this.#isTwice() ? 2 : 1;
      this.counts.jobs += 1;
      this.counts.twice += copies - 1;
      const work = async () => await task(payload, helpers);
      const ends = await Promise.allSettled(Array.from({ length: copies }, () => untilDeath(work)));
      const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      this.failures.push(...errors.filter((error) => !isExpected(error)).map((error) => `${name}: ${error}`));
      const death = errors.find((error) => error instanceof WorkerDied);
      if (death !== undefined) this.counts.died += 1;
      if (errors.length > 0) throw death ?? errors[0];
    };
  }
}

async function untilDeath(work: () => Promise<unknown>): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const die = () => reject(new WorkerDied("the worker died"));
    callingWorker.run({ die }, work).then(resolve, reject);
  });
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof ProviderError ||
    error instanceof WorkerDied ||
    (error instanceof Error && RETRY_ERRORS.includes(error.message))
  );
}
