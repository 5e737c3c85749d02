import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import type { GoogleProfile } from "@/lib/services/users/sign-in-with-google";
import type { AuthEnv } from "./auth.env";

const FETCH_WITHIN_MS = 5_000;
const CLOCK_SKEW_SECONDS = 60;
// Google signs with RS256 (OpenID Connect Core §3.1.3.7); a list keeps `none` and shared secrets out.
const ALGORITHMS = ["RS256", "ES256"];

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().max(320).default(""),
  // Some issuers send it as text.
  email_verified: z
    .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
    .default(false),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  name: z.string().optional(),
  picture: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .optional()
    .catch(undefined),
});

type GoogleEnv = NonNullable<AuthEnv["google"]>;

const keySets = new Map<string, Promise<ReturnType<typeof createRemoteJWKSet>>>();

async function fetchKeySet(issuer: string): Promise<ReturnType<typeof createRemoteJWKSet>> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(FETCH_WITHIN_MS),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`the issuer's discovery document answered ${response.status}`);
  const discovered = discoverySchema.parse(await response.json());
  if (discovered.issuer !== issuer) throw new Error("the discovery document names another issuer");
  return createRemoteJWKSet(new URL(discovered.jwks_uri), { timeoutDuration: FETCH_WITHIN_MS });
}

/** The issuer's keys, discovered once; a failure isn't remembered. */
async function keySetOf(issuer: string): Promise<ReturnType<typeof createRemoteJWKSet>> {
  const known = keySets.get(issuer) ?? fetchKeySet(issuer);
  keySets.set(issuer, known);
  try {
    return await known;
  } catch (error) {
    keySets.delete(issuer);
    throw error;
  }
}

/**
 * The person that an id token speaks of. next-auth has checked state, nonce and PKCE but takes the signature on trust
 * from the connection: here it is checked too, with issuer, audience and expiry. Throws when any of it is wrong.
 */
export async function profileFromIdToken(
  idToken: string,
  google: GoogleEnv,
  locale: "fr" | "en",
): Promise<GoogleProfile> {
  const { payload } = await jwtVerify(idToken, await keySetOf(google.issuer), {
    issuer: google.issuer,
    audience: google.clientId,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ["exp", "sub"],
  });
  const claims = claimsSchema.parse(payload);
  return {
    subject: claims.sub,
    email: claims.email,
    emailVerified: claims.email_verified,
    givenName: claims.given_name ?? claims.name ?? "",
    familyName: claims.family_name ?? "",
    pictureUrl: claims.picture ?? null,
    locale,
  };
}
