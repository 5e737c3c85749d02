import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  calculatePKCECodeChallenge,
  ResponseBodyError,
} from "openid-client";
import { z } from "zod";
import { config, type GoogleSettings } from "@/lib/config";
import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { GoogleProfile } from "@/lib/services/identity/users/sign-in-with-google";
import { type GoogleClient, googleClient, profileOf } from "./google";

const SCOPE = "openid email profile";

/** What an authorization request carries, and its answer is checked with. */
export interface AuthorizationRequest {
  state: string;
  nonce: string;
  codeVerifier: string;
}

function requireGoogle(): GoogleSettings {
  const { google } = config().auth;
  if (google === null) throw new DomainError("unavailable");
  return google;
}

/** Google can't be reached, or its answer can't be read: the caller may try again later. */
function unavailable(error: unknown): DomainError {
  log.warn({ error: describeError(error) }, "Google can't be reached");
  return new DomainError("provider_unavailable");
}

async function discovered(google: GoogleSettings): Promise<GoogleClient> {
  try {
    return await googleClient(google);
  } catch (error) {
    throw unavailable(error);
  }
}

/** Throws `unavailable` when Google isn't configured and `provider_unavailable` when it can't be reached. */
export async function requireGoogleReachable(): Promise<void> {
  await discovered(requireGoogle());
}

/** Where a person is sent to sign in with Google for an API client; the code comes back to our callback. */
export async function googleAuthorizationUrl({
  state,
  nonce,
  codeVerifier,
}: AuthorizationRequest): Promise<string> {
  const client = await discovered(requireGoogle());
  return buildAuthorizationUrl(client.config, {
    redirect_uri: config().tokens.googleRedirectUri,
    response_type: "code",
    scope: SCOPE,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  }).href;
}

// openid-client's codes for an id token that is wrong, rather than an answer that can't be had.
const TOKEN_FAULTS = new Set([
  "OAUTH_INVALID_RESPONSE",
  "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
  "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
  "OAUTH_KEY_SELECTION_FAILED",
]);

/** True when Google refused, or its token isn't valid for us; false when it couldn't be reached. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError || error instanceof z.ZodError) return true;
  // RFC 6749 §5.2: 400 is about the code; 401 would be about us.
  if (error instanceof ResponseBodyError) return error.status === 400;
  return error instanceof ClientError && TOKEN_FAULTS.has(error.code ?? "");
}

/**
 * The person that Google's answer stands for: its code redeemed with our verifier, and the id token's signature, issuer, audience,
 * time and nonce checked. `answer` is the query that the browser came back with. Throws `sign_in_failed`, and
 * `provider_unavailable` when Google can't be reached.
 */
export async function redeemGoogleCode(
  answer: URLSearchParams,
  { state, nonce, codeVerifier }: AuthorizationRequest,
  locale: "fr" | "en",
): Promise<GoogleProfile> {
  const google = requireGoogle();
  const client = await discovered(google);
  const callbackUrl = new URL(config().tokens.googleRedirectUri);
  callbackUrl.search = answer.toString();
  try {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
    const tokens = await authorizationCodeGrant(client.config, callbackUrl, {
      ...checks,
      idTokenExpected: true,
    });
    const claims = tokens.claims() ?? {};
    // OpenID Connect Core §3.1.3.7: openid-client asks this only where there are several audiences.
    if ("azp" in claims && claims.azp !== google.clientId) throw new DomainError("sign_in_failed");
    return profileOf(claims, google, locale);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (!isRefusal(error)) throw unavailable(error);
    log.warn({ error: describeError(error) }, "Google refused, or its id token was wrong");
    throw new DomainError("sign_in_failed");
  }
}
