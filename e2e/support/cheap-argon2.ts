import { createRequire } from "node:module";
import type * as argon2 from "@node-rs/argon2";

// By require: an import of the package leads here in database tests.
const real: typeof argon2 = createRequire(import.meta.url)("@node-rs/argon2");

/** The least that argon2 takes with two lanes. */
const CHEAP = { memoryCost: 16, timeCost: 1, parallelism: 2 } as const;

let isCheap = true;

/** For a file whose tests are about the work that a hash is. */
export function hashAtFullCost(): void {
  isCheap = false;
}

export const { verify } = real;

/**
 * In place of `@node-rs/argon2` in tests with a database, which set and check thousands of passwords and PINs: the same algorithm
 * with little work. Tests without a database have the real one.
 */
export const hash: typeof argon2.hash = (password, options) => real.hash(password, isCheap ? CHEAP : options);
