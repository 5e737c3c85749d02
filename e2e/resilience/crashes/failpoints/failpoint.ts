import fs from "node:fs";

/**
 * The named steps of an instrumented copy of the tree, in its own process. Nothing of the product calls these: the calls are
 * written into the copy by `rewrite.ts`, so that a normal run holds none.
 */
const passes = new Map<string, number>();
let armed: { name: string; left: number; tellIn: string } | null = null;
let shiftMs = 0;

/** From now on the `pass`-th pass of a point kills this process. Its name is written to `tellIn` first, as the proof of it. */
export function armPoint(name: string, pass: number, tellIn: string): void {
  armed = { name, left: pass, tellIn };
}

export function disarmPoints(): void {
  armed = null;
}

/** How often each point was passed since the last time somebody asked. */
export function takePasses(): Record<string, number> {
  const taken = Object.fromEntries(passes);
  passes.clear();
  return taken;
}

/** Jobs, sweeps and calls read a clock that is `ms` ahead: what takes a minute of silence needn't be waited for. */
export function shiftClock(ms: number): void {
  shiftMs = ms;
}

export function shiftedDate(date: Date): Date {
  return new Date(date.getTime() + shiftMs);
}

/** A point: here the process dies, when it is armed, as if the power had gone. */
export function passPoint(name: string): void {
  passes.set(name, (passes.get(name) ?? 0) + 1);
  if (armed?.name !== name) return;
  armed.left -= 1;
  if (armed.left > 0) return;
  fs.appendFileSync(armed.tellIn, `${name}\n`);
  process.kill(process.pid, "SIGKILL");
  // Nothing more is done while the signal is on its way.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type Work<Tx, T> = (tx: Tx) => Promise<T>;
type Run<Db, Tx> = <T>(db: Db, work: Work<Tx, T>) => Promise<T>;

/** A transaction that dies when all of its work is done and nothing is committed, or right after the commit. */
export function transactionPoints<Db, Tx>(name: string, run: Run<Db, Tx>): Run<Db, Tx> {
  return async (db, work) => {
    const result = await run(db, async (tx) => {
      const done = await work(tx);
      passPoint(`${name}:before-commit`);
      return done;
    });
    passPoint(`${name}:after-commit`);
    return result;
  };
}

type Call = (...given: never[]) => unknown;

/** A call that dies before it is made, or when it has ended and nobody has looked at its answer yet. */
export function callPoints<F extends Call>(name: string, call: F, step = "call"): F {
  const watched = async (...given: Parameters<F>): Promise<unknown> => {
    passPoint(`${name}:before-${step}`);
    try {
      return await call(...given);
    } finally {
      passPoint(`${name}:after-${step}`);
    }
  };
  return watched as unknown as F;
}

/** {@link callPoints} of an object's method; undefined when it has none of that name. */
export function methodPoints(name: string, owner: object, method: string): Call | undefined {
  const found: unknown = Reflect.get(owner, method);
  return typeof found === "function" ? callPoints(name, found.bind(owner) as Call) : undefined;
}

/** Every job dies before its work, or when the work is done and the queue hasn't been told. */
export function jobPoints<T extends Record<string, unknown>>(tasks: T): T {
  const watched = Object.entries(tasks).map(([name, task]) => [
    name,
    callPoints(`jobs/${name}`, task as Call, "task"),
  ]);
  return Object.fromEntries(watched) as T;
}

/** A call of the API dies when everything is done and its answer hasn't left. */
export function answerPoints<Asked, Answer>(
  path: string,
  handler: (request: Asked) => Promise<Answer>,
): (request: Asked) => Promise<Answer> {
  return async (request) => {
    const answer = await handler(request);
    passPoint(`${path.slice(1)}:before-answer`);
    return answer;
  };
}
