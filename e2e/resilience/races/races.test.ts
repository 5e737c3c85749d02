import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { randomFrom } from "../random";
import { testPlan } from "../test-plan";
import { type RaceDatabase, withoutLocks } from "./databases";
import { type Race, type Resource, runRound } from "./race";
import { raceAll } from "./scenario";

/** Thirty callers for ten places. Without the lock each reads the count and writes it back later. */
const tenPlaces =
  (lockOf: (database: RaceDatabase) => boolean): Race =>
  async ({ database }) => {
    let taken = 0;
    const take = async () => {
      const seen = taken;
      if (!lockOf(database)) await nextTurn();
      if (seen >= 10) throw new DomainError("key_limit_reached");
      taken = seen + 1;
    };
    return { call: take, refusals: ["key_limit_reached"], winners: 10 };
  };

const places = (lockOf: (database: RaceDatabase) => boolean): Resource => {
  return { name: "places", lock: "read and write without a pause", race: tenPlaces(lockOf) };
};

/** A race database in memory. */
const database = (hasLocks: boolean, { deadlocks = 0, violations = [] as string[] } = {}): RaceDatabase => {
  let calls = 0;
  const memory: Partial<RaceDatabase> = {
    hasLocks,
    deadlocks: async () => (calls++ === 0 ? 0 : deadlocks),
    audit: async () => violations,
  };
  return memory as RaceDatabase;
};

const findings = (round: Awaited<ReturnType<Race>>) =>
  runRound(async () => round, database(true), randomFrom("round"));

const race = (resource: Resource, product = database(true)) =>
  raceAll(testPlan(), { product, withoutLocks: database(false) }, [resource]);

describe("races", () => {
  it("are green when the lock holds the limit and the control exceeds it", async () => {
    const { violations, faults, counts } = await race(places(({ hasLocks }) => hasLocks));
    expect([violations, faults]).toEqual([[], { "resources exceeded without their lock": 1 }]);
    expect(counts).toMatchObject({ rounds: 1, "concurrent calls": 30 });
  });

  it("go red when the product exceeds the limit", async () => {
    const { violations } = await race(places(() => false));
    expect(violations).toEqual([{ case: 0, what: "places: calls that succeed: expected 10, seen 30" }]);
  });

  it("go red when the control never exceeds the limit", async () => {
    const { violations, faults } = await race(places(() => true));
    expect(violations).toEqual([]);
    expect(faults).toEqual({
      "resources exceeded without their lock": 0,
      "exceeded without the lock: places": 0,
    });
  });

  it("go red for a deadlock hidden by retries, and for a violated invariant", async () => {
    const product = database(true, {
      deadlocks: 2,
      violations: ["all accounts sum to zero: 1 violations"],
    });
    const { violations } = await race(
      places(({ hasLocks }) => hasLocks),
      product,
    );
    expect(violations.map(({ what }) => what)).toEqual([
      "all rounds together: expected no deadlock, seen 2",
      "all accounts sum to zero: 1 violations",
    ]);
  });

  it("go red for fewer winners than places, and for an unexpected error", async () => {
    const call = async (caller: number) => {
      if (caller >= 9) throw caller === 29 ? new Error("deadlock") : new DomainError("key_limit_reached");
    };
    const [error, ...more] = await findings({ call, refusals: ["key_limit_reached"], winners: 10 });
    expect(error?.what).toMatch(/^1 calls ended with .*deadlock/);
    expect(more).toEqual([{ kind: "wrong", what: "calls that succeed: expected 10, seen 9" }]);
  });

  it("go red for another refusal than the race allows, and for an inexact figure", async () => {
    const found = await findings({
      call: () => Promise.reject(new DomainError("internal")),
      refusals: ["insufficient_funds"],
      figures: async () => ({ "francs left": [5n, 6n], state: ["paid", "unknown"], owner: ["a", "a"] }),
    });
    expect(found).toEqual([
      { kind: "wrong", what: "30 calls ended with internal" },
      { kind: "exceeded", what: "francs left: expected 5, seen 6" },
      { kind: "wrong", what: "state: expected paid, seen unknown" },
    ]);
  });
});

it.each([
  ['select "id" from "users" where "id" = $1 for no key update', 'select "id" from "users" where "id" = $1'],
  ['… where "a" = $1 for no key update of "api_sessions"', '… where "a" = $1'],
  ["select 1 for update", "select 1"],
  ["limit 10 for update skip locked", "limit 10 for update skip locked"],
  ["select pg_advisory_xact_lock_shared($1)", "select abs($1)"],
])("%s without its lock still reads the same", (statement, without) => {
  expect(withoutLocks(statement)).toBe(without);
});
