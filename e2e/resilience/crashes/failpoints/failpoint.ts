// The failpoints of a child: `build-child.ts` puts the observers around the functions that commit or call a provider.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "@/lib/invariant";
import type { BankDirectory, Provider } from "@/lib/providers/provider";

type ProviderCall = Exclude<
  keyof Provider | keyof BankDirectory,
  "name" | "capabilities" | "banks" | "verifyWebhook"
>;

/** The methods of providers that call their servers. A new one doesn't compile until it is here. */
export const PROVIDER_CALLS: Readonly<Record<ProviderCall, true>> = {
  createCollection: true,
  createPayout: true,
  getCollection: true,
  getPayout: true,
  listTransactions: true,
  listBanks: true,
  resolveAccount: true,
};

/** What the harness tells its children by a file beside their bundle, which they read whenever they need it. */
export interface Control {
  /** Jobs, sweeps, verbs and API calls read a clock that is so far ahead: no test waits for a timeout. */
  shiftMs: number;
  armed: Armed | null;
}

export interface Armed {
  failpoint: string;
  /** The number of the hit that kills the first child. The ones that replace it die at their first hit. */
  hit: number;
  /** How many children had died when it was armed, and at how many it stops to kill. */
  from: number;
  to: number;
}

export const CONTROL_FILE = "control.json";
/** Each child adds a line before it dies. */
const CRASH_FILE = "crashes.txt";
/** Names of call sites by their place, `<file>:<line>:<column>`. */
export const CALL_SITES_FILE = "call-sites.json";

const FOLDER = path.dirname(fileURLToPath(import.meta.url));
const readControl = () => JSON.parse(fs.readFileSync(path.join(FOLDER, CONTROL_FILE), "utf8")) as Control;

export function shiftedDate(date: Date): Date {
  return new Date(date.getTime() + readControl().shiftMs);
}

export function countCrashes(folder: string): number {
  const file = path.join(folder, CRASH_FILE);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n").length - 1 : 0;
}

/** Hits in this process since a failpoint was armed. */
let hits = { from: -1, count: 0 };

/** A failpoint: kills the process here when it is armed. */
export function hitFailpoint(name: string): void {
  const { armed } = readControl();
  if (armed?.failpoint !== name) return;
  const crashes = countCrashes(FOLDER);
  hits = { from: armed.from, count: hits.from === armed.from ? hits.count + 1 : 1 };
  if (crashes >= armed.to || (crashes === armed.from && hits.count < armed.hit)) return;
  fs.appendFileSync(path.join(FOLDER, CRASH_FILE), `${name}\n`);
  process.kill(process.pid, "SIGKILL");
  // Blocks until the signal arrives.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type Work<Tx, T> = (tx: Tx) => Promise<T>;
type RunTransaction<Db, Tx> = <T>(db: Db, work: Work<Tx, T>) => Promise<T>;
type AnyFunction = (...args: never[]) => unknown;

/** A transaction with a failpoint after its work and before its commit, and one after its commit. */
export function observeTransaction<Db, Tx>(run: RunTransaction<Db, Tx>): RunTransaction<Db, Tx> {
  return async function observed(db, work) {
    const name = callSite(observed);
    const result = await run(db, async (tx) => {
      const done = await work(tx);
      hitFailpoint(`${name}:before-commit`);
      return done;
    });
    hitFailpoint(`${name}:after-commit`);
    return result;
  };
}

/** A function with a failpoint before it is called, and one after it has returned or thrown. */
export function observeCall<F extends AnyFunction>(call: F, kind: string): F {
  async function observed(...args: Parameters<F>): Promise<unknown> {
    return await callWithFailpoints(callSite(observed), kind, () => call(...args));
  }
  return observed as unknown as F;
}

/** Calls `work` with the failpoints `<name>:before-<step>` and, whether it returns or throws, `<name>:after-<step>`. */
export async function callWithFailpoints<T>(name: string, step: string, work: () => T): Promise<Awaited<T>> {
  hitFailpoint(`${name}:before-${step}`);
  try {
    return await work();
  } finally {
    hitFailpoint(`${name}:after-${step}`);
  }
}

/** A provider, or its directory of banks, with failpoints around each method that calls its server. */
export function observeProvider<T extends Provider | BankDirectory>(provider: T): T {
  return new Proxy(provider, {
    get(owner, property) {
      const value: unknown = Reflect.get(owner, property);
      if (property === "banks" && value !== undefined) return observeProvider(value as BankDirectory);
      if (typeof value !== "function" || !(property in PROVIDER_CALLS)) return value;
      return observeCall(value.bind(owner) as AnyFunction, "call");
    },
  });
}

let names: Record<string, string> | undefined;

/** The name of the call site that called `observed`. Throws {@link InvariantError} for one that `call-sites.ts` doesn't find. */
function callSite(observed: AnyFunction): string {
  const caller = { stack: "" };
  Error.captureStackTrace(caller, observed);
  const place = /\/[^()]+:\d+:\d+(?=\)?$)/m.exec(caller.stack)?.[0] ?? "";
  names ??= JSON.parse(fs.readFileSync(path.join(FOLDER, CALL_SITES_FILE), "utf8")) as Record<string, string>;
  const name = names[place];
  invariant(name !== undefined, `${place} is a call site`);
  return name;
}
