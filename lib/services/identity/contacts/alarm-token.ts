import { createHash, randomBytes } from "node:crypto";

/** 128 random bits in 22 characters: short enough for an SMS. */
const TOKEN_BYTES = 16;

export function newAlarmToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
