import { createRequire } from "node:module";
import type * as argon2 from "@node-rs/argon2";

// By require: an import of the package leads here in database tests.
const real: typeof argon2 = createRequire(import.meta.url)("@node-rs/argon2");

/** The least that argon2 takes. */
const CHEAP = { memoryCost: 16, timeCost: 1, parallelism: 2 } as const;

export const { verify } = real;

/**
 * In place of `@node-rs/argon2` in database tests, which set and check some thousand passwords and PINs: the same algorithm with
 * little work. password.test.ts and pin-hash.test.ts test the real cost.
 */
export const hash: typeof argon2.hash = (password) => real.hash(password, CHEAP);
