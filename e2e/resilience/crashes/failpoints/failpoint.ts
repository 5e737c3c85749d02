import fs from "node:fs";

/**
 * The failpoints of an instrumented copy of the tree. The product calls none of these functions: `rewrite.ts` writes the
 * calls into the copy.
 */
const hits = new Map<string, number>();
let armed: { name: string; hitsLeft: number; markerFile: string } | null = null;
let shiftMs = 0;

/** From now on the `hit`-th hit of a failpoint kills this process, after its name was written to `markerFile`. */
export function armFailpoint(name: string, hit: number, markerFile: string): void {
  armed = { name, hitsLeft: hit, markerFile };
}

export function disarmFailpoints(): void {
  armed = null;
}

/** How often each failpoint was hit since the last call. */
export function takeHits(): Record<string, number> {
  const taken = Object.fromEntries(hits);
  hits.clear();
  return taken;
}

/** Jobs, sweeps and API calls read a clock that is `ms` ahead, so that no test waits for a timeout. */
export function shiftClock(ms: number): void {
  shiftMs = ms;
}

export function shiftedDate(date: Date): Date {
  return new Date(date.getTime() + shiftMs);
}

/** A failpoint: kills the process here when it is armed. */
export function hitFailpoint(name: string): void {
  hits.set(name, (hits.get(name) ?? 0) + 1);
  if (armed?.name !== name) return;
  armed.hitsLeft -= 1;
  if (armed.hitsLeft > 0) return;
  fs.appendFileSync(armed.markerFile, `${name}\n`);
  process.kill(process.pid, "SIGKILL");
  // Blocks until the signal arrives.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type Work<Tx, T> = (tx: Tx) => Promise<T>;
type RunTransaction<Db, Tx> = <T>(db: Db, work: Work<Tx, T>) => Promise<T>;

/** A transaction with a failpoint after its work and before its commit, and one after its commit. */
export function transactionFailpoints<Db, Tx>(
  name: string,
  run: RunTransaction<Db, Tx>,
): RunTransaction<Db, Tx> {
  return async (db, work) => {
    const result = await run(db, async (tx) => {
      const done = await work(tx);
      hitFailpoint(`${name}:before-commit`);
      return done;
    });
    hitFailpoint(`${name}:after-commit`);
    return result;
  };
}

type AnyFunction = (...args: never[]) => unknown;

/** A function with a failpoint before it is called, and one after it has returned or thrown. */
export function callFailpoints<F extends AnyFunction>(name: string, call: F, step = "call"): F {
  const instrumented = async (...args: Parameters<F>): Promise<unknown> => {
    hitFailpoint(`${name}:before-${step}`);
    try {
      return await call(...args);
    } finally {
      hitFailpoint(`${name}:after-${step}`);
    }
  };
  return instrumented as unknown as F;
}

/** {@link callFailpoints} of an object's method; undefined when it has none of that name. */
export function methodFailpoints(name: string, owner: object, method: string): AnyFunction | undefined {
  const found: unknown = Reflect.get(owner, method);
  return typeof found === "function" ? callFailpoints(name, found.bind(owner) as AnyFunction) : undefined;
}

/** The job tasks with a failpoint before the work, and one before the queue hears that it is done. */
export function jobFailpoints<T extends Record<string, unknown>>(tasks: T): T {
  const instrumented = Object.entries(tasks).map(([name, task]) => [
    name,
    callFailpoints(`jobs/${name}`, task as AnyFunction, "task"),
  ]);
  return Object.fromEntries(instrumented) as T;
}

/** An API handler with a failpoint after its work and before its response is sent. */
export function answerFailpoints<Request, Response>(
  path: string,
  handler: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await handler(request);
    hitFailpoint(`${path.slice(1)}:before-answer`);
    return response;
  };
}
