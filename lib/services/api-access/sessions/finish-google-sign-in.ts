import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { type GoogleProfile, signInWithGoogle } from "@/lib/services/identity/users/sign-in-with-google";
import { hashOfState } from "./begin-google-sign-in";
import { type ApiSessionTokens, startApiSession } from "./start-api-session";
import { putBackOauthRequest, takeOauthRequest } from "./store";

/** Asks Google whom a code stands for, and checks the answer with the nonce. */
export type RedeemCode = (request: { nonce: string; codeVerifier: string }) => Promise<GoogleProfile>;

/**
 * Ends a sign-in that {@link beginGoogleSignIn} began: its state counts once. `redeem` speaks to Google, which verbs
 * don't. Throws `sign_in_failed`; `email_unverified` and `email_taken` as {@link signInWithGoogle} does;
 * `provider_unavailable` when Google can't be reached: then the state still counts, and a retry is safe.
 */
export async function finishGoogleSignIn(
  context: Context,
  state: string,
  redeem: RedeemCode,
): Promise<ApiSessionTokens> {
  const request = await inTransaction(context.db, (tx) => takeOauthRequest(tx, hashOfState(state)));
  if (!request) throw new DomainError("sign_in_failed");
  const profile = await redeem(request).catch(async (error: unknown) => {
    if (error instanceof DomainError && error.code === "provider_unavailable") {
      await inTransaction(context.db, (tx) => putBackOauthRequest(tx, request));
    }
    throw error;
  });
  const { userId, isNew } = await signInWithGoogle(context, profile).catch((error: unknown) => {
    // A frozen user: the words of a wrong password would make no sense here.
    const isFrozen = error instanceof DomainError && error.code === "invalid_credentials";
    throw isFrozen ? new DomainError("sign_in_failed") : error;
  });
  return await startApiSession(context, userId, { isNewUser: isNew });
}
