import { createHash, createHmac } from "node:crypto";
import { config } from "@/lib/config";
import { hashPassword, verifyPassword } from "../users/password";

// Ten thousand PINs are tried against a stolen table in minutes, however slow the hash: it is keyed with our secret.
function key(): Buffer {
  return createHmac("sha256", config().auth.secret).update("cauris pins").digest();
}

/** Tells hashes of another secret apart, so that a changed secret means "choose a PIN" and not "wrong PIN". */
function keyId(): string {
  return createHash("sha256").update(key()).digest("hex").slice(0, 8);
}

function keyed(pin: string): string {
  return createHmac("sha256", key()).update(pin).digest("base64url");
}

/** `<key id>:<argon2id in PHC notation>`, with the parameters of passwords. */
export async function hashPin(pin: string): Promise<string> {
  return `${keyId()}:${await hashPassword(keyed(pin))}`;
}

/** False for what was hashed with another secret than today's: nobody can check it any more. */
export function isCheckable(stored: string): boolean {
  return stored.startsWith(`${keyId()}:`);
}

export async function verifyPin(stored: string, pin: string): Promise<boolean> {
  return await verifyPassword(stored.slice(stored.indexOf(":") + 1), keyed(pin));
}
