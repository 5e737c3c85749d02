import { hash, verify } from "@node-rs/argon2";

/** In UTF-16 units. Above the 8 that NIST SP 800-63B asks for at least, since nothing but it guards the account. */
export const PASSWORD_LENGTH_MIN = 10;
/** A bound for the hash's work, far above any passphrase. */
export const PASSWORD_LENGTH_MAX = 200;

// OWASP's minimum for argon2id: 19 MiB, two passes. The library's default algorithm is argon2id, version 19.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 2 } as const;

// What people type when they are asked for ten characters, in French and in English.
const COMMON_PASSWORDS = new Set([
  "0123456789",
  "1234567890",
  "12345678910",
  "0987654321",
  "1q2w3e4r5t",
  "1qaz2wsx3edc",
  "azertyuiop",
  "azerty1234",
  "azerty12345",
  "azerty123456",
  "qwertyuiop",
  "qwerty1234",
  "qwerty12345",
  "qwerty123456",
  "motdepasse",
  "motdepasse1",
  "motdepasse12",
  "motdepasse123",
  "motdepasse1234",
  "monmotdepasse",
  "password12",
  "password123",
  "password1234",
  "passw0rd123",
  "mypassword",
  "bonjour123",
  "bonjour1234",
  "doudou1234",
  "loulou1234",
  "jetaime123",
  "jetaime1234",
  "iloveyou12",
  "iloveyou123",
  "welcome123",
  "administrator",
  "burkinafaso",
  "ouagadougou",
  "cotedivoire",
  "orangemoney",
  "orange1234",
  "abcdefghij",
  "abcd123456",
  "abcdef1234",
]);

// The same words typed on another keyboard must be the same bytes (NIST SP 800-63B §5.1.1.2).
function normalise(password: string): string {
  return password.normalize("NFKC");
}

/** True for passwords that are guessed first: a short list, one repeated character, and the e-mail address itself. */
export function isCommonPassword(password: string, email: string): boolean {
  const plain = normalise(password).toLowerCase();
  const [localPart = ""] = email.split("@", 1);
  return (
    COMMON_PASSWORDS.has(plain) ||
    /^(.)\1*$/u.test(plain) ||
    plain === email ||
    (localPart.length > 0 && plain === localPart)
  );
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
