import { createHash, createHmac, randomInt, timingSafeEqual } from "node:crypto";
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

/** The link of a place that is handed over to whoever is given it: the offer's id, and 128 bits made from it and our secret. */
export function placeTokenOf(handoverId: bigint): string {
  const key = createHmac("sha256", config().auth.secret).update("cauris places in tontines").digest();
  const token = createHmac("sha256", key).update(handoverId.toString()).digest();
  return `${handoverId}-${token.subarray(0, TOKEN_BYTES).toString("base64url")}`;
}

/** The offer that a place's token opens; null for a text that is none. */
export function readPlaceToken(token: string): bigint | null {
  const id = /^([1-9]\d{0,17})-[\w-]{22}$/.exec(token)?.[1];
  if (id === undefined) return null;
  const expected = Buffer.from(placeTokenOf(BigInt(id)));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected) ? BigInt(id) : null;
}

/** What is stored of a token. */
export function hashOfInviteToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
