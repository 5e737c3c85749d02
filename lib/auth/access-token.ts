import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { newKey } from "@/lib/ids";
import { type TokenSettings, tokenSettings } from "./token-settings";

export interface TokenHolder {
  userId: bigint;
  sessionId: string;
}

export interface VerifiedToken {
  holder: TokenHolder;
  /** Milliseconds since 1970. */
  expiresAtMs: number;
}

const TYPE = "access";

const claimsSchema = z.object({
  token_type: z.literal(TYPE),
  sub: z.string(),
  user_id: z.int().positive(),
  exp: z.int(),
  sid: z.uuid(),
});

/**
 * A JSON web token that its holder calls the API with: claims `token_type, exp, iat, jti, sub, user_id, sid, iss, aud`.
 * `sid` is the API session: ending that ends the token before its time.
 */
export async function signAccessToken(
  holder: TokenHolder,
  settings: TokenSettings = tokenSettings(),
): Promise<string> {
  const { key, algorithm, lifetimeMinutes, issuer, audience } = settings;
  const claims = { token_type: TYPE, user_id: Number(holder.userId), sid: holder.sessionId };
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: "JWT" })
    .setSubject(holder.userId.toString())
    .setJti(newKey())
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${lifetimeMinutes} minutes`)
    .sign(key);
}

/** Who a token was signed for; null for any other token. Whether the session still works is for the caller to ask. */
export async function verifyAccessToken(
  token: string,
  settings: TokenSettings = tokenSettings(),
): Promise<VerifiedToken | null> {
  try {
    const { payload } = await jwtVerify(token, settings.key, {
      // RFC 8725 §3.1: the token doesn't choose how it is verified.
      algorithms: [settings.algorithm],
      issuer: settings.issuer,
      audience: settings.audience,
      requiredClaims: ["exp", "iat", "jti", "sub"],
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || claims.data.sub !== String(claims.data.user_id)) return null;
    const { sub, sid, exp } = claims.data;
    return { holder: { userId: BigInt(sub), sessionId: sid }, expiresAtMs: exp * 1000 };
  } catch {
    return null;
  }
}
