import { createHash, createHmac } from "node:crypto";
import { config } from "@/lib/config";
import { hashPassword, verifyPassword } from "../users/password";

// All ten thousand PINs can be tried against a stolen table, however slow the hash: so it is keyed with `PIN_SECRET`,
// which isn't in the database.

/** Identifies the secret that keyed a hash, so that a lost secret isn't taken for a wrong PIN. */
function keyId(): string {
  return createHash("sha256").update(`pin key id:${config().pinSecret}`).digest("hex").slice(0, 8);
}

function keyed(pin: string): string {
  return createHmac("sha256", config().pinSecret).update(pin).digest("base64url");
}

/** `<key id>:<argon2id in PHC notation>`, with the parameters of passwords. */
export async function hashPin(pin: string): Promise<string> {
  return `${keyId()}:${await hashPassword(keyed(pin))}`;
}

/** False for a hash that was keyed with another secret than today's: it can't be checked any more. */
export function isCheckable(stored: string): boolean {
  return stored.startsWith(`${keyId()}:`);
}

/** True when `pin` is the one behind `stored`, a text of {@link hashPin}. Takes about 50 ms of a core. */
export async function verifyPin(stored: string, pin: string): Promise<boolean> {
  return await verifyPassword(stored.slice(stored.indexOf(":") + 1), keyed(pin));
}
