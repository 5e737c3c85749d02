import { createHash } from "node:crypto";
import { decodeJwt, errors } from "jose";
import { z } from "zod";
import { config, type GoogleSettings } from "@/lib/config";
import { describeError } from "@/lib/describe-error";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { GoogleProfile } from "@/lib/services/identity/users/sign-in-with-google";
import { profileFromIdToken } from "./google";
import { type Issuer, issuerOf } from "./google-discovery";

const FETCH_WITHIN_MS = 8_000;
const SCOPE = "openid email profile";

const tokenAnswerSchema = z.object({ id_token: z.string().min(1) });

/** What a code is redeemed with. */
export interface CodeProof {
  code: string;
  nonce: string;
  codeVerifier: string;
  locale: "fr" | "en";
}

function requireGoogle(): GoogleSettings {
  const { google } = config().auth;
  if (google === null) throw new DomainError("unavailable");
  return google;
}

/** Google can't be asked, or speaks nonsense: the caller may try again later. */
function unavailable(error: unknown): DomainError {
  log.warn({ error: describeError(error) }, "Google can't be asked");
  return new DomainError("provider_unavailable");
}

async function discovered(google: GoogleSettings): Promise<Issuer> {
  try {
    return await issuerOf(google.issuer);
  } catch (error) {
    throw unavailable(error);
  }
}

/** Throws `unavailable` when Google isn't configured and `provider_unavailable` when it can't be asked. */
export async function requireGoogleReachable(): Promise<void> {
  await discovered(requireGoogle());
}

/** Where a person is sent to sign in with Google for an API client; the code comes back to our callback. */
export async function googleAuthorizationUrl(request: {
  state: string;
  nonce: string;
  codeVerifier: string;
}): Promise<string> {
  const google = requireGoogle();
  const { authorizationEndpoint } = await discovered(google);
  const url = new URL(authorizationEndpoint);
  const query = {
    client_id: google.clientId,
    redirect_uri: config().tokens.googleRedirectUri,
    response_type: "code",
    scope: SCOPE,
    state: request.state,
    nonce: request.nonce,
    code_challenge: createHash("sha256").update(request.codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** The id token that Google gives for a code. */
async function redeem(google: GoogleSettings, { code, codeVerifier }: CodeProof): Promise<string> {
  const { tokenEndpoint } = await discovered(google);
  try {
    const response = await fetch(tokenEndpoint, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(FETCH_WITHIN_MS),
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        code_verifier: codeVerifier,
        redirect_uri: config().tokens.googleRedirectUri,
        client_id: google.clientId,
        client_secret: google.clientSecret,
      }),
    });
    // RFC 6749 §5.2: 400 is about the code; 401 would be about us.
    if (response.status === 400) throw new DomainError("sign_in_failed");
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    return tokenAnswerSchema.parse(await response.json()).id_token;
  } catch (error) {
    throw error instanceof DomainError ? error : unavailable(error);
  }
}

// What jose throws when the token itself is wrong, rather than the way to the keys.
const TOKEN_FAULTS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JWKSNoMatchingKey,
  z.ZodError,
];

/**
 * The person that a code stands for: redeemed with our verifier, the id token's signature, issuer, audience, time and
 * nonce checked. Throws `sign_in_failed`; `provider_unavailable` when Google can't be asked.
 */
export async function redeemGoogleCode(proof: CodeProof): Promise<GoogleProfile> {
  const google = requireGoogle();
  const idToken = await redeem(google, proof);
  try {
    const profile = await profileFromIdToken(idToken, google, proof.locale);
    const { nonce, azp } = decodeJwt(idToken);
    const isForUs = azp === undefined || azp === google.clientId;
    if (nonce !== proof.nonce || !isForUs) throw new DomainError("sign_in_failed");
    return profile;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (!TOKEN_FAULTS.some((fault) => error instanceof fault)) throw unavailable(error);
    log.warn({ error: describeError(error) }, "an id token was refused");
    throw new DomainError("sign_in_failed");
  }
}
