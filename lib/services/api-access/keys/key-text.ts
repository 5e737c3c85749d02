import { createHash, randomBytes } from "node:crypto";
import { type Config, config } from "@/lib/config";

const SHOWN_LENGTH = 12;
// 36 bits: a typo passes once in 69 thousand million. SHA-256 because base64url text needs no table of CRC's own, and a
// key is hashed to be looked up anyway; the checksum is no secret and guards nothing but the query.
const CHECKSUM_LENGTH = 6;
const KEY = /^[A-Za-z0-9_-]{40,110}$/;

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function checksumOf(text: string): string {
  return sha256(`checksum:${text}`).toString("base64url").slice(0, CHECKSUM_LENGTH);
}

/** A new key: prefix, random bytes in base64url, checksum of both. */
export function newKeyText({ prefix, randomBytes: bytes }: Config["apiKeys"] = config().apiKeys): string {
  const text = prefix + randomBytes(bytes).toString("base64url");
  return text + checksumOf(text);
}

/** False for what can't be one of our keys, under this prefix or a former one: no database is needed to tell. */
export function isKeyText(text: string): boolean {
  return KEY.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** What is stored of a key. It has 192 random bits at least, so that no slow hash is needed. */
export function hashOfKey(text: string): Buffer {
  return sha256(text);
}

/** What lists show of a key. */
export function shownPrefix(text: string): string {
  return text.slice(0, SHOWN_LENGTH);
}
