import { jwtVerify } from "jose";
import { z } from "zod";
import type { GoogleSettings } from "@/lib/config";
import type { GoogleProfile } from "@/lib/services/identity/users/sign-in-with-google";
import { issuerOf } from "./google-discovery";

const CLOCK_SKEW_SECONDS = 60;
// Google signs with RS256 (OpenID Connect Core §3.1.3.7); a list keeps `none` and shared secrets out.
const ALGORITHMS = ["RS256", "ES256"];

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

/**
 * The person that an id token speaks of. next-auth has checked state, nonce and PKCE but takes the signature on trust
 * from the connection: here it is checked too, with issuer, audience and expiry. Throws when any of it is wrong.
 */
export async function profileFromIdToken(
  idToken: string,
  google: GoogleSettings,
  locale: "fr" | "en",
): Promise<GoogleProfile> {
  const { keySet } = await issuerOf(google.issuer);
  const { payload } = await jwtVerify(idToken, keySet, {
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
    pictureUrl: pictureOf(claims.picture, google.issuer),
    locale,
  };
}

/** By https, or from the issuer itself, which in a demonstration is on this machine. */
function pictureOf(picture: string | undefined, issuer: string): string | null {
  if (picture === undefined) return null;
  const { protocol, origin } = new URL(picture);
  return protocol === "https:" || origin === new URL(issuer).origin ? picture : null;
}
