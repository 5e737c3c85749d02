import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAJORITIES, outcomeOf, quorumOf, votesNeeded } from "./majority";

const anyMajority = fc.constantFrom(...MAJORITIES);
const anyVoters = fc.integer({ min: 2, max: 600 });

describe("how many votes are needed", () => {
  it("is exact in whole numbers: two thirds are reached by this many, and by no fewer", () => {
    fc.assert(
      fc.property(anyVoters, (voters) => {
        const needed = votesNeeded("two_thirds", voters);
        expect(needed * 3 >= voters * 2).toBe(true);
        expect((needed - 1) * 3 >= voters * 2).toBe(false);
      }),
    );
  });

  it("is more than half, and never by a tie", () => {
    fc.assert(
      fc.property(anyVoters, (voters) => {
        const needed = votesNeeded("half", voters);
        expect(needed * 2 > voters).toBe(true);
        expect((needed - 1) * 2 > voters).toBe(false);
      }),
    );
  });

  it.each([
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
    [11, 8],
    [12, 8],
    [300, 200],
  ])("of %i voters two thirds are %i", (voters, needed) => {
    expect(votesNeeded("two_thirds", voters)).toBe(needed);
  });
});

describe("what votes say", () => {
  it("is the same whatever comes after it was decided", () => {
    const votes = fc.array(fc.constantFrom("yes", "no"), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(anyMajority, votes, fc.nat(20), (majority, cast, absent) => {
        const voters = cast.length + absent;
        let [yes, no] = [0, 0];
        let decided: string | null = null;
        for (const choice of cast) {
          if (choice === "yes") yes += 1;
          else no += 1;
          const outcome = outcomeOf({ majority, voters, yes, no, isOver: false });
          if (decided !== null) expect(outcome).toBe(decided);
          decided ??= outcome;
        }
        const needed = votesNeeded(majority, voters);
        const last = outcomeOf({ majority, voters, yes, no, isOver: true });
        expect(last === "adopted").toBe(yes >= needed);
        if (last === "lapsed") expect(yes + no).toBeLessThan(quorumOf(voters));
        if (absent === 0) expect(["adopted", "rejected"]).toContain(decided);
      }),
    );
  });

  it("is open while a vote could still change it, and lapsed at the deadline when fewer than half have voted", () => {
    const count = { majority: "two_thirds", voters: 12, yes: 5, no: 0 } as const;
    expect(outcomeOf({ ...count, isOver: false })).toBeNull();
    expect(outcomeOf({ ...count, isOver: true })).toBe("lapsed");
    expect(outcomeOf({ ...count, no: 1, isOver: true })).toBe("rejected");
    expect(outcomeOf({ ...count, no: 5, isOver: false })).toBe("rejected");
    expect(outcomeOf({ ...count, yes: 8, isOver: false })).toBe("adopted");
  });
});
