import { setTimeout as wait } from "node:timers/promises";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorCode } from "@/lib/errors";
import type { Random } from "../random";
import { CALLERS, type RaceDatabase } from "./databases";
import { RaceSetup } from "./setup";

// A round takes tenths of a second: a call that takes this long hangs.
const TIMEOUT_MS = 90_000;

/** A limited resource that thirty callers compete for. */
export interface Resource {
  name: string;
  /** What protects it. The control runs the same race without it (databases.ts). */
  lock: string;
  race: Race;
  /** Control for a limit that is one atomic statement: does the same in two statements. */
  control?: Race;
}

/** Prepares a round. The same random numbers make the same round in the product's database and in the copy. */
export type Race = (setup: RaceSetup) => Promise<Round>;

type Figure = number | bigint | string;

/** What must be exact, by what it is. */
export type Figures = Record<string, readonly [expected: Figure, seen: Figure | Promise<Figure>]>;

export interface Round {
  /** What each of the {@link CALLERS} does, all at once. */
  call(caller: number): Promise<unknown>;
  /** True when callers start in the order of their numbers; otherwise in a random one. */
  isOrdered?: boolean;
  /** Codes with which a call may be refused; any other error is a finding. */
  refusals?: readonly ErrorCode[];
  /** How many calls must succeed; any number when absent. */
  winners?: number;
  /** What else must be exact after all calls have ended. A number above the expected one exceeds the resource. */
  figures?(results: readonly Result[]): Promise<Figures>;
}

/** What was found wrong. `exceeded`: more winners or money than the resource has, as without its lock. */
export interface Finding {
  kind: "exceeded" | "wrong";
  what: string;
}

/** How one call ended: with a value or an error. */
export interface Result {
  isDone: boolean;
  value: unknown;
  /** The code of a DomainError; else null. */
  refusal: ErrorCode | null;
  error: unknown;
}

/** Prepares a round, starts all calls at once, waits until all have ended, and checks the results. */
export async function runRound(race: Race, database: RaceDatabase, random: Random): Promise<Finding[]> {
  const { call, isOrdered, ...round } = await race(new RaceSetup(database, random));
  const callers = Array.from({ length: CALLERS }, (_, caller) => caller);
  const order = isOrdered ? callers : random.shuffle(callers);
  const started = new Map(order.map((caller) => [caller, call(caller)]));
  const ends = Promise.allSettled(callers.map((caller) => started.get(caller)));
  const timer = new AbortController();
  const timeout = wait(TIMEOUT_MS, null, { signal: timer.signal }).catch(() => null);
  const settled = await Promise.race([ends, timeout]);
  timer.abort();
  if (settled === null) return [{ kind: "wrong", what: `a call didn't end within ${TIMEOUT_MS} ms` }];
  return await findingsOf(round, settled.map(toResult));
}

async function findingsOf(
  { refusals = [], winners, figures }: Omit<Round, "call">,
  results: readonly Result[],
): Promise<Finding[]> {
  const findings = unexpected(results, refusals);
  const winner: Figures =
    winners === undefined ? {} : { "calls that succeed": [winners, done(results).length] };
  for (const [what, [expected, figure]] of Object.entries({ ...winner, ...(await figures?.(results)) })) {
    const seen = await figure;
    if (String(expected) === String(seen)) continue;
    const isExceeded = typeof seen !== "string" && seen > Number(expected);
    findings.push({
      kind: isExceeded ? "exceeded" : "wrong",
      what: `${what}: expected ${expected}, seen ${seen}`,
    });
  }
  return findings;
}

function toResult(end: PromiseSettledResult<unknown>): Result {
  if (end.status === "fulfilled") return { isDone: true, value: end.value, refusal: null, error: null };
  const error: unknown = end.reason;
  return { isDone: false, value: null, refusal: error instanceof DomainError ? error.code : null, error };
}

/** Errors other than the allowed refusals. */
function unexpected(results: readonly Result[], refusals: readonly ErrorCode[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { isDone, refusal, error } of results) {
    if (isDone || (refusal !== null && refusals.includes(refusal))) continue;
    const { frames, ...described } = describeError(error);
    const at = frames.find((frame) => frame.includes("lib/"));
    const what = refusal ?? JSON.stringify({ ...described, at });
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => ({ kind: "wrong", what: `${count} calls ended with ${what}` }));
}

export function done(results: readonly Result[]): Result[] {
  return results.filter(({ isDone }) => isDone);
}
