import { createHash, createHmac } from "node:crypto";
import { config } from "@/lib/config";
import { hashPassword, verifyPassword } from "../users/password";

// All ten thousand PINs can be tried against a stolen table, however slow the hash: so it is keyed with `PIN_SECRET`,
// which isn't in the database. An older secret of the list still checks the PINs that it keyed.

/** Identifies the secret that keyed a hash, so that a lost secret isn't taken for a wrong PIN. */
function keyId(secret: string): string {
  return createHash("sha256").update(`pin key id:${secret}`).digest("hex").slice(0, 8);
}

function keyed(pin: string, secret: string): string {
  return createHmac("sha256", secret).update(pin).digest("base64url");
}

/** The secret that keyed a hash; undefined when it isn't configured any more. */
function secretOf(stored: string): string | undefined {
  return config().pinSecrets.find((secret) => stored.startsWith(`${keyId(secret)}:`));
}

/** `<key id>:<argon2id in PHC notation>`, with the parameters of passwords, keyed with the newest secret. */
export async function hashPin(pin: string): Promise<string> {
  const [newest] = config().pinSecrets;
  return `${keyId(newest)}:${await hashPassword(keyed(pin, newest))}`;
}

/** False for a hash whose secret isn't configured: it can't be checked any more. */
export function isCheckable(stored: string): boolean {
  return secretOf(stored) !== undefined;
}

/** True for a hash of an older secret: a right PIN should be hashed anew. */
export function isOutdated(stored: string): boolean {
  return secretOf(stored) !== config().pinSecrets[0];
}

/** True when `pin` is the one behind `stored`, a text of {@link hashPin}. Takes about 50 ms of a core. */
export async function verifyPin(stored: string, pin: string): Promise<boolean> {
  const secret = secretOf(stored);
  if (secret === undefined) return false;
  return await verifyPassword(stored.slice(stored.indexOf(":") + 1), keyed(pin, secret));
}
