import { createHmac, randomInt } from "node:crypto";
import { config } from "@/lib/config";

// Without letters and digits that look alike: they are written down by hand.
const ALPHABET = "23456789abcdefghjkmnpqrstvwxyz";
const HALF_LENGTH = 5;

/** Two groups of five of 30 characters: 49 bits. */
export function newRecoveryCode(): string {
  const half = () => Array.from({ length: HALF_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${half()}-${half()}`;
}

/** As it is compared, however it was typed; null for what can't be one. */
export function normaliseRecoveryCode(typed: string): string | null {
  const bare = typed.toLowerCase().replace(/[\s-]/g, "");
  return new RegExp(`^[${ALPHABET}]{${2 * HALF_LENGTH}}$`).test(bare) ? bare : null;
}

/** A code's hash by each secret of the list, the newest first: keyed, so that a stolen table tells no code. */
export function recoveryHashes(bare: string): Buffer[] {
  return config().pinSecrets.map((secret) =>
    createHmac("sha256", secret).update(`recovery code:${bare}`).digest(),
  );
}
