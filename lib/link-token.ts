import { createHash, createHmac } from "node:crypto";
import { config } from "./config";

const TOKEN_BYTES = 16;

/** What a link is for: each kind has keys of its own. */
const KEY_NAMES = {
  money_request: "cauris links of requests for money",
  receipt: "cauris links of receipts",
} as const;

/**
 * The 128 bits in a link's address, as 22 characters for URLs. Made from the link's id and our secret, so that who made it can open
 * it again although the database holds its hash alone. Another AUTH_SECRET makes other tokens.
 */
export function linkToken(kind: keyof typeof KEY_NAMES, id: string): string {
  const key = createHmac("sha256", config().auth.secret).update(KEY_NAMES[kind]).digest();
  return createHmac("sha256", key).update(id).digest().subarray(0, TOKEN_BYTES).toString("base64url");
}

/** What is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** True for what {@link linkToken} makes. */
export function isLinkToken(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}
