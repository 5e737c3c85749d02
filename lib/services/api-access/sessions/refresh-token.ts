import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { madeOfConfig } from "@/lib/config";

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Of the secret that signs access tokens, but not that key. */
const successorKey = madeOfConfig(({ auth, tokens }) =>
  Buffer.from(hkdfSync("sha256", tokens.secret ?? auth.secret, "", "cauris refresh token successor", 32)),
);

/** The first refresh token of a session: 256 random bits. */
export function newRefreshToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * The token that replaces `token`. Derived, so that two tabs that refresh at once can be given the same one though only
 * hashes are stored; without the server's key the next token can't be computed from the last.
 */
export function successorOf(token: string): string {
  return createHmac("sha256", successorKey()).update(token).digest("base64url");
}

/** False for what can't be one of ours. */
export function isRefreshToken(token: string): boolean {
  return TOKEN.test(token);
}

/** What is stored of a refresh token. */
export function hashOfRefreshToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
