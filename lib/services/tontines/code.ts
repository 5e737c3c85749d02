import { createHash, createHmac, randomInt } from "node:crypto";
import { config } from "@/lib/config";

// Read aloud and typed on a phone: without 0 O 1 I L.
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 6;
const TOKEN_BYTES = 16;

/** A group's public code: 31^6 of them. It names a group to its members; it doesn't open it to others. */
export function newTontineCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** A typed code as it is stored; null for what can't be one. */
export function readTontineCode(typed: string): string | null {
  const code = typed.replace(/[\s-]/g, "").toUpperCase();
  return /^[2-9A-HJKMNP-Z]{6}$/.test(code) ? code : null;
}

/** The 128 bits in a group's invitation link, as 22 characters: made from its id and our secret, so officers can show it again. */
export function inviteTokenOf(tontineId: bigint): string {
  const key = createHmac("sha256", config().auth.secret).update("cauris invitations to tontines").digest();
  const token = createHmac("sha256", key).update(tontineId.toString()).digest();
  return token.subarray(0, TOKEN_BYTES).toString("base64url");
}

/** What is stored of a token. */
export function hashOfInviteToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
