import { createHash, randomBytes } from "node:crypto";
import { inTransaction } from "@/db/transaction";
import type { Context } from "@/lib/services/context";
import { OAUTH_REQUEST_MINUTES, SWEPT_AT_ONCE_MAX } from "./policy";
import { insertOauthRequest, sweepOauthRequests } from "./store";

const SECRET_BYTES = 32;

/** What an authorization request carries (RFC 6749 §10.12, RFC 7636, OpenID Connect Core §3.1.2.1). */
export interface GoogleSignInRequest {
  state: string;
  nonce: string;
  codeVerifier: string;
}

export function hashOfState(state: string): Buffer {
  return createHash("sha256").update(state).digest();
}

/** Remembers a sign-in that an API client begins, for ten minutes. Of the state only its hash is kept. */
export async function beginGoogleSignIn(context: Context): Promise<GoogleSignInRequest> {
  const secret = () => randomBytes(SECRET_BYTES).toString("base64url");
  const request = { state: secret(), nonce: secret(), codeVerifier: secret() };
  await inTransaction(context.db, async (tx) => {
    await sweepOauthRequests(tx, SWEPT_AT_ONCE_MAX);
    const { state, ...kept } = request;
    await insertOauthRequest(tx, { ...kept, stateHash: hashOfState(state) }, OAUTH_REQUEST_MINUTES);
  });
  return request;
}
