// The failpoints of a child: `build-child.ts` puts the observers around the functions that commit or call a provider.
import fs from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Provider } from "@/lib/providers/provider";
import { CALL_SITES_FILE, type CallSite, PROVIDER_CALLS, positionOf, type SiteKind } from "./call-site";

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
type AnyFunction = (...args: never[]) => unknown;

/** A transaction with a failpoint after its work and before its commit, and one after its commit. */
export function observeTransaction<Db, Tx>(
  run: RunTransaction<Db, Tx>,
  callee: string,
): RunTransaction<Db, Tx> {
  return async function observed(db, work) {
    const name = siteOfCaller(observed, callee);
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
export function observeCall<F extends AnyFunction>(call: F, callee: string, kind: SiteKind): F {
  async function observed(...args: Parameters<F>): Promise<unknown> {
    return await callWithFailpoints(siteOfCaller(observed, callee), kind, () => call(...args));
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
export function observeProvider<T extends Provider | NonNullable<Provider["banks"]>>(provider: T): T {
  return new Proxy(provider, {
    get(owner, property) {
      const value: unknown = Reflect.get(owner, property);
      if (property === "banks" && value !== undefined) return observeProvider(value as Provider);
      if (typeof value !== "function" || typeof property !== "string" || !(property in PROVIDER_CALLS))
        return value;
      return observeCall(value.bind(owner) as AnyFunction, property, "call");
    },
  });
}

const BUNDLE = fileURLToPath(import.meta.url);
const names = new Map<string, string>();
let lookUp: ((callee: string, line: number, column: number) => string) | undefined;

/** The name of the call site that called `observed`, a wrapper of `callee`. Throws for a call that isn't among the call sites. */
function siteOfCaller(observed: AnyFunction, callee: string): string {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, frames) => frames[0];
  const holder = {} as { stack: NodeJS.CallSite };
  Error.captureStackTrace(holder, observed);
  const frame = holder.stack;
  Error.prepareStackTrace = prepareStackTrace;
  const line = frame.getLineNumber() ?? 0;
  const column = frame.getColumnNumber() ?? 0;
  const key = `${callee} ${line}:${column}`;
  const known = names.get(key);
  if (known !== undefined) return known;
  lookUp ??= createLookUp();
  const name = lookUp(callee, line, column);
  names.set(key, name);
  return name;
}

/** Finds a call site by the place in the bundle, with the source map. */
function createLookUp(): (callee: string, line: number, column: number) => string {
  const map = new SourceMap(JSON.parse(fs.readFileSync(`${BUNDLE}.map`, "utf8")) as SourceMapPayload);
  const file = path.join(path.dirname(BUNDLE), CALL_SITES_FILE);
  const sites = JSON.parse(fs.readFileSync(file, "utf8")) as CallSite[];
  return (callee, line, column) => {
    const entry = map.findEntry(line - 1, column - 1);
    const source = "originalSource" in entry ? entry.originalSource.replace(/^original:/, "") : "";
    const at = "originalSource" in entry ? positionOf(entry.originalLine, entry.originalColumn) : 0;
    const [site] = sites
      .filter(
        (one) => one.callee === callee && source.endsWith(`/${one.path}`) && one.from <= at && at < one.to,
      )
      .toSorted((one, other) => one.to - one.from - (other.to - other.from));
    if (site === undefined) throw new Error(`no failpoint at ${source} ${at}, which calls ${callee}`);
    return site.name;
  };
}
