import { createHash, createHmac } from "node:crypto";
import { config } from "@/lib/config";

const TOKEN_BYTES = 16;

/**
 * The 128 bits in a request's link, as 22 characters for URLs. Made from the request's id and our secret, so that the one who asks
 * can open the link again although the database holds its hash alone.
 */
export function tokenOf(requestId: string): string {
  const key = createHmac("sha256", config().auth.secret)
    .update("cauris links of requests for money")
    .digest();
  return createHmac("sha256", key).update(requestId).digest().subarray(0, TOKEN_BYTES).toString("base64url");
}

/** What is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** True for what {@link tokenOf} makes. */
export function isToken(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}
