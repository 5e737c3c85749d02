import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { config } from "@/lib/config";
import { CODE_DIGITS } from "./policy";

/** One of its own, so that no other use of `AUTH_SECRET` answers what a code is. */
function codeKey(): Buffer {
  return Buffer.from(hkdfSync("sha256", config().auth.secret, "", "cauris.contact-codes", 32));
}

/**
 * The six digits of a challenge: a keyed hash of its random id, purpose and contact. So no code is stored, a second message brings the same
 * code, and a code is right for its own challenge only.
 */
export function codeOf(challenge: { id: string; purpose: string; contact: string }): string {
  const text = [challenge.id, challenge.purpose, challenge.contact].join("\n");
  // 64 bits: how much likelier a small code is doesn't matter below 10^-13.
  const number = createHmac("sha256", codeKey()).update(text).digest().readBigUInt64BE();
  return (number % 10n ** BigInt(CODE_DIGITS)).toString().padStart(CODE_DIGITS, "0");
}

/** Compares in constant time. */
export function isSameCode(typed: string, expected: string): boolean {
  const [a, b] = [Buffer.from(typed), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
