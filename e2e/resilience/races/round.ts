import { setTimeout as wait } from "node:timers/promises";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorCode } from "@/lib/errors";
import type { Random } from "../random";
import { CALLERS, type RaceDatabase } from "./race-database";

// A round takes tenths of a second: a call that takes this long hangs.
const TIMEOUT_MS = 90_000;

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

/** The calls of a round, and the check of their results. */
export interface Round {
  calls: readonly (() => Promise<unknown>)[];
  /** Codes with which a call may be refused; any other error is a finding. */
  refusals: readonly ErrorCode[];
  /** Called after all calls have ended. */
  check(results: readonly Result[]): Promise<Finding[]>;
}

/** Prepares a round. The same random numbers make the same round in the product's database and in the copy. */
export type Race = (database: RaceDatabase, random: Random) => Promise<Round>;

/** Starts all calls at once, waits until all have ended, and checks the results. */
export async function run({ calls, refusals, check }: Round): Promise<Finding[]> {
  const ends = Promise.allSettled(calls.map((call) => call()));
  const timer = new AbortController();
  const timeout = wait(TIMEOUT_MS, null, { signal: timer.signal }).catch(() => null);
  const settled = await Promise.race([ends, timeout]);
  timer.abort();
  if (settled === null) return [{ kind: "wrong", what: `a call didn't end within ${TIMEOUT_MS} ms` }];
  const results = settled.map(toResult);
  return [...unexpected(results, refusals), ...(await check(results))];
}

function toResult(end: PromiseSettledResult<unknown>): Result {
  if (end.status === "fulfilled") return { isDone: true, value: end.value, refusal: null, error: null };
  const error: unknown = end.reason;
  return {
    isDone: false,
    value: null,
    refusal: error instanceof DomainError ? error.code : null,
    error,
  };
}

/** Errors other than the allowed refusals. */
function unexpected(results: readonly Result[], refusals: readonly ErrorCode[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { isDone, refusal, error } of results) {
    if (isDone || (refusal !== null && refusals.includes(refusal))) continue;
    const { frames, ...described } = describeError(error);
    const what =
      refusal ?? JSON.stringify({ ...described, at: frames.find((frame) => frame.includes("lib/")) });
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => ({ kind: "wrong", what: `${count} calls ended with ${what}` }));
}

export function done(results: readonly Result[]): Result[] {
  return results.filter(({ isDone }) => isDone);
}

/** No finding if both are equal; more than expected is `exceeded`. */
export function exactly(
  what: string,
  expected: number | bigint,
  seen: number | bigint | undefined,
): Finding[] {
  const [wanted, got] = [BigInt(expected), BigInt(seen ?? -1)];
  if (wanted === got) return [];
  return [{ kind: got > wanted ? "exceeded" : "wrong", what: `${what}: expected ${wanted}, seen ${got}` }];
}

/** As {@link exactly}, but fewer are right too. */
export function atMost(what: string, limit: number | bigint, seen: number | bigint): Finding[] {
  return BigInt(seen) <= BigInt(limit) ? [] : exactly(what, limit, seen);
}

/** A finding unless the expectation, a sentence, is true. */
export function holds(isTrue: boolean, expectation: string): Finding[] {
  return isTrue ? [] : [{ kind: "wrong", what: `expected that ${expectation}` }];
}

/** {@link CALLERS} calls, each made from its index. */
export function callers(make: (index: number) => () => Promise<unknown>): (() => Promise<unknown>)[] {
  return Array.from({ length: CALLERS }, (_, index) => make(index));
}
