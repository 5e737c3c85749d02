import { setTimeout as wait } from "node:timers/promises";
import { describeError } from "@/lib/describe-error";
import { DomainError, type ErrorCode } from "@/lib/errors";
import type { Random } from "../random";
import type { RaceDatabase } from "./race-database";

/** How many are released together. */
export const CALLERS = 30;

// A round takes tenths of a second; what takes this long waits for something that never comes.
const GIVEN_UP_AFTER_MS = 90_000;

/** What was found wrong. `over`: more than there was, or twice what there is once; what a missing lock leads to. */
export interface Finding {
  kind: "over" | "wrong";
  what: string;
}

/** How one call ended: with a value, or with a refusal's code. */
export interface Result {
  isDone: boolean;
  value: unknown;
  /** Null when it was done, and when it failed without a code of ours. */
  refusal: ErrorCode | null;
  error: unknown;
}

/** Calls that stand ready, and what must be true when all have ended. */
export interface Round {
  calls: readonly (() => Promise<unknown>)[];
  /** Codes with which a call may lose; anything else that is thrown is a finding. */
  refusals: readonly ErrorCode[];
  judge(results: readonly Result[]): Promise<Finding[]>;
}

/** Prepares a round in a deployment. With the same random numbers it is the same round in another deployment. */
export type Race = (deployment: RaceDatabase, random: Random) => Promise<Round>;

/** Releases all calls in one go, waits for their ends and judges. */
export async function run({ calls, refusals, judge }: Round): Promise<Finding[]> {
  const ends = Promise.allSettled(calls.map((call) => call()));
  const timer = new AbortController();
  const givenUp = wait(GIVEN_UP_AFTER_MS, null, { signal: timer.signal }).catch(() => null);
  const settled = await Promise.race([ends, givenUp]);
  timer.abort();
  if (settled === null) return [{ kind: "wrong", what: `a call never ended: ${GIVEN_UP_AFTER_MS} ms` }];
  const results = settled.map(toResult);
  return [...unexpected(results, refusals), ...(await judge(results))];
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

/** Losers lose by a code of ours, and by one that says why. */
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

/** Nothing when both are the same; more than expected is `over`. */
export function exactly(
  what: string,
  expected: number | bigint,
  seen: number | bigint | undefined,
): Finding[] {
  const [wanted, got] = [BigInt(expected), BigInt(seen ?? -1)];
  if (wanted === got) return [];
  return [{ kind: got > wanted ? "over" : "wrong", what: `${what}: expected ${wanted}, seen ${got}` }];
}

/** As {@link exactly}, where fewer are right too. */
export function atMost(what: string, limit: number | bigint, seen: number | bigint): Finding[] {
  return BigInt(seen) <= BigInt(limit) ? [] : exactly(what, limit, seen);
}

/** A finding of its own unless `isTrue`. */
export function holds(isTrue: boolean, what: string): Finding[] {
  return isTrue ? [] : [{ kind: "wrong", what }];
}

/** As many of what `make` makes as are released together. */
export function callers(make: (index: number) => () => Promise<unknown>): (() => Promise<unknown>)[] {
  return Array.from({ length: CALLERS }, (_, index) => make(index));
}
