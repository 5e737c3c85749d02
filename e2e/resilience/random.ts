import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { invariant } from "@/lib/invariant";

/** Random choices that follow from a seed alone, the same on every machine. */
export interface Random {
  /** An integer from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** True with probability `share`: 0.1 is one in ten. */
  chance(share: number): boolean;
  /** One of `choices`. Throws if there are none. */
  pick<T>(choices: readonly T[]): T;
  /** One of the names, in proportion to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** The same members in another order. */
  shuffle<T>(members: readonly T[]): T[];
  /** `count` bytes as hexadecimal, for keys and names. */
  hex(count: number): string;
}

const SHARE_STEPS = 1_000_000;

/** A generator for the text `seed`. Not for secrets. */
export function randomFrom(seed: string): Random {
  const generator = xoroshiro128plus(createHash("sha256").update(seed).digest().readInt32BE(0));
  const int = (from: number, to: number): number => uniformInt(generator, from, to);
  const pick = <T>(choices: readonly T[]): T => {
    invariant(choices.length > 0, "there is something to pick from");
    return choices[int(0, choices.length - 1)] as T;
  };
  return {
    int,
    chance: (share) => int(1, SHARE_STEPS) <= share * SHARE_STEPS,
    pick,
    weighted: <K extends string>(weights: Readonly<Record<K, number>>): K => {
      const names = Object.keys(weights) as K[];
      let left = int(1, SHARE_STEPS) / SHARE_STEPS;
      const total = names.reduce((sum, name) => sum + weights[name], 0);
      for (const name of names) {
        left -= weights[name] / total;
        if (left <= 0) return name;
      }
      return pick(names);
    },
    shuffle: <T>(members: readonly T[]): T[] => {
      const shuffled = [...members];
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = int(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
      }
      return shuffled;
    },
    hex: (count) => Array.from({ length: count }, () => int(0, 255).toString(16).padStart(2, "0")).join(""),
  };
}
