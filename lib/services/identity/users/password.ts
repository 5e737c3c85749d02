import { hash, verify } from "@node-rs/argon2";

/** In UTF-16 units. Above the 8 that NIST SP 800-63B asks for at least, since nothing but it guards the account. */
export const PASSWORD_LENGTH_MIN = 10;
/** Beside a phone number that was proven by a code, which a stranger can't sign up with: NIST's own minimum. */
export const PHONE_PASSWORD_LENGTH_MIN = 8;
/** A bound for the hash's work, far above any passphrase. */
export const PASSWORD_LENGTH_MAX = 200;

// OWASP's minimum for argon2id: 19 MiB, two passes. The library's default algorithm is argon2id, version 19.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 2 } as const;

// The same words typed on another keyboard must be the same bytes (NIST SP 800-63B §5.1.1.2).
function normalise(password: string): string {
  return password.normalize("NFKC");
}

/** argon2id in PHC notation. Takes about 50 ms of a core and 19 MiB. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(normalise(password), PARAMETERS);
}

let dummyHash: Promise<string> | undefined;

/**
 * True when `password` is the one behind `passwordHash`. Without a hash it does the same work and answers false, so
 * that the time it takes doesn't reveal whether an account exists.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummyHash ??= hashPassword("the password of nobody");
  const expected = passwordHash ?? (await dummyHash);
  const isRight = await verify(expected, normalise(password));
  return isRight && passwordHash !== null;
}
