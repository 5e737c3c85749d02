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

/** What a child reads beside its bundle: the names of call sites by their place, `<file>:<line>:<column>`, both from 0. */
export const CALL_SITES_FILE = "call-sites.json";

let armed: { name: string; hitsLeft: number; markerFile: string } | null = null;
let shiftMs = 0;

/** From now on the `hit`-th hit of a failpoint kills this process, after its name was written to `markerFile`. */
export function armFailpoint(name: string, hit: number, markerFile: string): void {
  armed = { name, hitsLeft: hit, markerFile };
}

export function disarmFailpoints(): void {
  armed = null;
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

/** The name of the call site that called `observed`. Throws {@link InvariantError} for one that `call-sites.ts` doesn't find. */
function callSite(observed: AnyFunction): string {
  const { prepareStackTrace } = Error;
  const caller = {} as { stack: NodeJS.CallSite | undefined };
  Error.prepareStackTrace = (_error, frames) => frames[0];
  Error.captureStackTrace(caller, observed);
  const place = `${caller.stack?.getLineNumber()}:${caller.stack?.getColumnNumber()}`;
  Error.prepareStackTrace = prepareStackTrace;
  const known = names.get(place);
  if (known !== undefined) return known;
  const name = sourceSite(place);
  names.set(place, name);
  return name;
}

/** Names by place in the bundle. */
const names = new Map<string, string>();
let sites: { map: SourceMap; names: Record<string, string> } | undefined;

function sourceSite(place: string): string {
  const bundle = fileURLToPath(import.meta.url);
  const read = (file: string): unknown =>
    JSON.parse(fs.readFileSync(path.resolve(bundle, "..", file), "utf8"));
  sites ??= {
    map: new SourceMap(read(`${bundle}.map`) as SourceMapPayload),
    names: read(CALL_SITES_FILE) as Record<string, string>,
  };
  const [line = 0, column = 0] = place.split(":").map(Number);
  const found = sites.map.findEntry(line - 1, column - 1);
  invariant("originalSource" in found, `${place} of the bundle has a source`);
  const { originalSource, originalLine, originalColumn } = found;
  const source = `${path.resolve(bundle, "..", originalSource)}:${originalLine}:${originalColumn}`;
  const name = sites.names[source];
  invariant(name !== undefined, `${source} (from 0) is a call site`);
  return name;
}
