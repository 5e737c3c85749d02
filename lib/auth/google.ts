import { createRemoteJWKSet, jwtVerify } from "jose";
import {
  allowInsecureRequests,
  ClientSecretPost,
  type Configuration,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
} from "openid-client";
import { z } from "zod";
import type { GoogleSettings } from "@/lib/config";
import { isLoopbackUrl } from "@/lib/loopback";
import type { GoogleProfile } from "@/lib/services/identity/users/sign-in-with-google";

const ANSWER_WITHIN_SECONDS = 8;
const CLOCK_TOLERANCE_SECONDS = 60;
// Google signs with RS256 (OpenID Connect Core §3.1.3.7); a list keeps `none` and shared secrets out.
const ALGORITHMS = ["RS256", "ES256"];

/** Google as it describes itself, with our client's credentials. */
export interface GoogleClient {
  config: Configuration;
  keySet: ReturnType<typeof createRemoteJWKSet>;
}

const clients = new Map<string, Promise<GoogleClient>>();

/** Discovered once for each issuer and client; a failure isn't remembered. Throws when Google can't be reached. */
export async function googleClient(google: GoogleSettings): Promise<GoogleClient> {
  const name = JSON.stringify([google.issuer, google.clientId, google.clientSecret]);
  const known = clients.get(name) ?? discover(google);
  clients.set(name, known);
  try {
    return await known;
  } catch (error) {
    clients.delete(name);
    throw error;
  }
}

async function discover({ issuer, clientId, clientSecret }: GoogleSettings): Promise<GoogleClient> {
  const url = new URL(issuer);
  // The sandbox's Google is on this machine, without https.
  const config = await discovery(
    url,
    clientId,
    { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    ClientSecretPost(clientSecret),
    {
      timeout: ANSWER_WITHIN_SECONDS,
      // The second one has the id token's signature checked too, although it comes from Google's own endpoint.
      execute: [...(isLoopbackUrl(issuer) ? [allowInsecureRequests] : []), enableNonRepudiationChecks],
    },
  );
  const { jwks_uri } = config.serverMetadata();
  if (jwks_uri === undefined) throw new Error("the issuer's discovery document names no keys");
  const timeoutDuration = ANSWER_WITHIN_SECONDS * 1000;
  return { config, keySet: createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration }) };
}

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
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .catch(undefined),
});

/** The person that the claims of a checked id token speak of. Throws a ZodError when they don't name one. */
export function profileOf(claims: object, { issuer }: GoogleSettings, locale: "fr" | "en"): GoogleProfile {
  const { sub, email, email_verified, given_name, family_name, name, picture } = claimsSchema.parse(claims);
  return {
    subject: sub,
    email,
    emailVerified: email_verified,
    givenName: given_name ?? name ?? "",
    familyName: family_name ?? "",
    pictureUrl: pictureOf(picture, issuer),
    locale,
  };
}

/**
 * The person that next-auth's id token speaks of. next-auth has checked state, nonce and PKCE but takes the signature on trust
 * from the connection: here it is checked too, with issuer, audience and expiry. Throws when any of it is wrong.
 */
export async function profileFromIdToken(
  idToken: string,
  google: GoogleSettings,
  locale: "fr" | "en",
): Promise<GoogleProfile> {
  const { keySet } = await googleClient(google);
  const { payload } = await jwtVerify(idToken, keySet, {
    issuer: google.issuer,
    audience: google.clientId,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["exp", "sub"],
  });
  return profileOf(payload, google, locale);
}

/** The picture's URL, where it is https or on the issuer's origin (a demo's is on this machine); else null. */
function pictureOf(picture: string | undefined, issuer: string): string | null {
  if (picture === undefined) return null;
  const { protocol, origin } = new URL(picture);
  return protocol === "https:" || origin === new URL(issuer).origin ? picture : null;
}
