import { describe, expect, it } from "vitest";
import { randomFrom } from "./random";

const draws = (seed: string) => {
  const random = randomFrom(seed);
  return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
};

describe("random numbers from a seed", () => {
  it("are the same for the same seed on every machine, and differ for another seed", () => {
    expect(draws("7/histories/0")).toEqual(draws("7/histories/0"));
    expect(draws("7/histories/0")).not.toEqual(draws("7/histories/1"));
    // Seeds in old reports must keep their meaning.
    expect(draws("7/histories/0").slice(0, 3)).toEqual([437827, 588927, 673550]);
  });

  it("follow weights and shares", () => {
    const random = randomFrom("weights");
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let round = 0; round < 10_000; round += 1) {
      counts[random.weighted({ often: 9, seldom: 1, never: 0 })] += 1;
    }
    expect(counts.never).toBe(0);
    expect(counts.seldom).toBeGreaterThan(800);
    expect(counts.seldom).toBeLessThan(1_200);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
  });

  it("shuffle without losing a member", () => {
    const members = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = randomFrom("order").shuffle(members);
    expect(shuffled).not.toEqual(members);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(members);
  });
});
