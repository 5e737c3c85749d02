// The failpoints of a child: `build-child.ts` puts the observers around the functions that commit or call a provider.
import fs from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
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
  /** How many children in a row die. */
  crashes: number;
  /** Each child adds a line before it dies. */
  crashFile: string;
}

export const CONTROL_FILE = "control.json";
/** Names of call sites by their place, `<file>:<line>:<column>`, both from 0. */
export const CALL_SITES_FILE = "call-sites.json";

const bundle = fileURLToPath(import.meta.url);
const readBeside = (file: string): unknown =>
  JSON.parse(fs.readFileSync(path.resolve(bundle, "..", file), "utf8"));
const readControl = () => readBeside(CONTROL_FILE) as Control;

export function shiftedDate(date: Date): Date {
  return new Date(date.getTime() + readControl().shiftMs);
}

export function countCrashes({ crashFile }: Armed): number {
  return fs.existsSync(crashFile) ? fs.readFileSync(crashFile, "utf8").split("\n").length - 1 : 0;
}

/** Hits of the armed failpoint in this process, by crash file. */
const hits = new Map<string, number>();

/** A failpoint: kills the process here when it is armed. */
export function hitFailpoint(name: string): void {
  const { armed } = readControl();
  if (armed?.failpoint !== name) return;
  const crashes = countCrashes(armed);
  const hit = (hits.get(armed.crashFile) ?? 0) + 1;
  hits.set(armed.crashFile, hit);
  if (crashes === armed.crashes || (crashes === 0 && hit < armed.hit)) return;
  fs.appendFileSync(armed.crashFile, `${name}\n`);
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

/** Names of call sites by place in the bundle. */
const names = new Map<string, string>();
let sites: { map: SourceMap; names: Record<string, string> } | undefined;

/** The name of the call site that called `observed`. Throws {@link InvariantError} for one that `call-sites.ts` doesn't find. */
function callSite(observed: AnyFunction): string {
  const { prepareStackTrace } = Error;
  const caller = {} as { stack: NodeJS.CallSite | undefined };
  Error.prepareStackTrace = (_error, frames) => frames[0];
  Error.captureStackTrace(caller, observed);
  const [line, column] = [caller.stack?.getLineNumber() ?? 0, caller.stack?.getColumnNumber() ?? 0];
  Error.prepareStackTrace = prepareStackTrace;
  const place = `${line}:${column}`;
  const name = names.get(place) ?? sourceSite(line, column);
  names.set(place, name);
  return name;
}

function sourceSite(line: number, column: number): string {
  sites ??= {
    map: new SourceMap(readBeside(`${path.basename(bundle)}.map`) as SourceMapPayload),
    names: readBeside(CALL_SITES_FILE) as Record<string, string>,
  };
  const found = sites.map.findEntry(line - 1, column - 1);
  invariant("originalSource" in found, `${line}:${column} of the bundle has a source`);
  const { originalSource, originalLine, originalColumn } = found;
  const source = `${path.resolve(bundle, "..", originalSource)}:${originalLine}:${originalColumn}`;
  const name = sites.names[source];
  invariant(name !== undefined, `${source} (from 0) is a call site`);
  return name;
}
