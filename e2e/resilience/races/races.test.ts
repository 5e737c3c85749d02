import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { randomFrom } from "../random";
import type { ScenarioPlan } from "../scenario";
import type { RaceDatabase } from "./race-database";
import type { Resource } from "./resources";
import { callers, done, exactly, type Race, run } from "./round";
import { raceAll } from "./scenario";
import { inNoOrder, withoutLocks } from "./without-locks";

/** Ten places that thirty want; whoever finds one free takes it, without a look at who else did, unless it is locked. */
const tenPlaces =
  (lockOf: (deployment: RaceDatabase) => boolean): Race =>
  async (deployment) => {
    let taken = 0;
    const take = async () => {
      const seen = taken;
      if (!lockOf(deployment)) await nextTurn();
      if (seen >= 10) throw new DomainError("key_limit_reached");
      taken = seen + 1;
    };
    return {
      calls: callers(() => take),
      refusals: ["key_limit_reached"],
      judge: async (results) => exactly("places taken", 10, done(results).length),
    };
  };

const places = (lockOf: (deployment: RaceDatabase) => boolean): Resource => ({
  name: "places",
  lock: "nobody looks away",
  race: tenPlaces(lockOf),
});

/** A deployment without a database: these races are run in memory. */
const deployment = (hasLocks: boolean, { deadlocks = 0, violations = [] as string[] } = {}): RaceDatabase => {
  let asked = 0;
  const memory: Partial<RaceDatabase> = {
    hasLocks,
    deadlocks: async () => (asked++ === 0 ? 0 : deadlocks),
    audit: async () => violations,
  };
  return memory as RaceDatabase;
};

const plan: ScenarioPlan = {
  seed: "7",
  random: (number) => randomFrom(String(number)),
  *cases({ least = 1 } = {}) {
    for (let number = 0; number < least; number += 1) yield number;
  },
  isSmoke: true,
  leftMs: () => 0,
  signal: new AbortController().signal,
  home: "",
  progress: () => {},
};

const race = (resource: Resource, product = deployment(true)) =>
  raceAll(plan, { product, withoutLocks: deployment(false) }, [resource]);

describe("the check of races", () => {
  it("is green where the lock keeps the places and its control loses them", async () => {
    const { violations, faults, counts } = await race(places(({ hasLocks }) => hasLocks));
    expect([violations, faults]).toEqual([[], { "of them gone wrong as they must": 1 }]);
    expect(counts).toMatchObject({ rounds: 1, "racing calls": 30 });
  });

  it("goes red for a product that looks and then takes", async () => {
    const { violations } = await race(places(() => false));
    expect(violations).toEqual([{ case: 0, what: "places: places taken: expected 10, seen 30" }]);
  });

  it("goes red for a control that never goes wrong", async () => {
    const { violations, faults } = await race(places(() => true));
    expect(violations).toEqual([]);
    expect(faults).toEqual({ "of them gone wrong as they must": 0, "control of places gone wrong": 0 });
  });

  it("goes red for a deadlock that retries have hidden, and for a ledger that doesn't add up", async () => {
    const product = deployment(true, {
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

  it("goes red for fewer winners than there were places, and for losers that don't say why", async () => {
    const [ninth, ...more] = await run({
      calls: callers((caller) => async () => {
        if (caller >= 9) throw caller === 29 ? new Error("deadlock") : new DomainError("key_limit_reached");
      }),
      refusals: ["key_limit_reached"],
      judge: async (results) => exactly("places taken", 10, done(results).length),
    });
    expect(ninth?.what).toMatch(/^1 calls ended with .*deadlock/);
    expect(more).toEqual([{ kind: "wrong", what: "places taken: expected 10, seen 9" }]);
  });

  it("goes red for a refusal that this race has no reason for", async () => {
    const found = await run({
      calls: [() => Promise.reject(new DomainError("internal"))],
      refusals: ["insufficient_funds"],
      judge: async () => [],
    });
    expect(found).toEqual([{ kind: "wrong", what: "1 calls ended with internal" }]);
  });
});

describe("taking locks away", () => {
  it("leaves the statement what it reads", () => {
    expect(withoutLocks('select "id" from "users" where "id" = $1 for no key update')).toBe(
      'select "id" from "users" where "id" = $1',
    );
    expect(withoutLocks('… where "a" = $1 for no key update of "api_sessions"')).toBe('… where "a" = $1');
    expect(withoutLocks("select 1 for update")).toBe("select 1");
    expect(withoutLocks("limit 10 for update skip locked")).toBe("limit 10 for update skip locked");
    expect(withoutLocks("select pg_advisory_xact_lock_shared($1)")).toBe("select abs($1)");
  });

  it("sends transfers to those that lock in no order", () => {
    expect(inNoOrder("select * from transfer_post(")).toBe("select * from transfer_post_crossed(");
    expect(inNoOrder("from transfer_post_list(")).toBe("from transfer_post_list_crossed(");
  });
});
