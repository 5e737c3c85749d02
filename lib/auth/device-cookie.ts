import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { newKey } from "@/lib/ids";
import type { KnownDevice } from "@/lib/services/identity/users/sign-in-limits";
import { deviceCookieName } from "./session-cookie";

// A browser that somebody signed in on before has tries of its own: a stranger's wrong passwords never lock it out.

/** The longest that browsers keep a cookie (RFC 6265bis §5.5). */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;
const USERS_MAX = 5;

const claimsSchema = z.object({
  did: z.uuid(),
  uids: z.array(z.string().regex(/^\d{1,19}$/)).max(USERS_MAX),
});

interface CookieKey {
  secret: string;
  isHttps: boolean;
}

/** The device that an encrypted cookie names; null for anything that we didn't write. */
export async function deviceIn(
  cookie: string | undefined,
  { secret, isHttps }: CookieKey,
): Promise<KnownDevice | null> {
  if (!cookie) return null;
  try {
    const claims = claimsSchema.parse(
      await decode({ token: cookie, secret, salt: deviceCookieName(isHttps) }),
    );
    return { id: claims.did, userIds: claims.uids.map(BigInt) };
  } catch {
    return null;
  }
}

/** As {@link deviceIn}, from a request's headers. */
export async function deviceFromHeaders(headers: Headers, key: CookieKey): Promise<KnownDevice | null> {
  const prefix = `${deviceCookieName(key.isHttps)}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return await deviceIn(pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length), key);
}

/** The `Set-Cookie` line of a device on which this user signed in; the last five users of a shared one are kept. */
export async function deviceCookieLine(
  known: KnownDevice | null,
  userId: bigint,
  { secret, isHttps }: CookieKey,
): Promise<string> {
  const others = (known?.userIds ?? []).filter((each) => each !== userId);
  const name = deviceCookieName(isHttps);
  const token = { did: known?.id ?? newKey(), uids: [userId, ...others].slice(0, USERS_MAX).map(String) };
  const value = await encode({ token, secret, salt: name, maxAge: MAX_AGE_SECONDS });
  const secure = isHttps ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}
