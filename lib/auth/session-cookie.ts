import { decode } from "next-auth/jwt";
import { SESSION_ABSOLUTE_DAYS } from "@/lib/services/identity/sessions/policy";

/** The row ends a session; the cookie only has to outlive it. */
export const SESSION_COOKIE_MAX_AGE_SECONDS = SESSION_ABSOLUTE_DAYS * 24 * 60 * 60;

/** `__Host-` (RFC 6265bis §4.1.3.2) keeps subdomains from setting our cookies; it needs https. */
function cookieName(part: string, isHttps: boolean): string {
  return `${isHttps ? "__Host-" : ""}cauris.${part}`;
}

export function sessionCookieName(isHttps: boolean): string {
  return cookieName("session", isHttps);
}

/** What tells a browser that somebody signed in on before. */
export function deviceCookieName(isHttps: boolean): string {
  return cookieName("device", isHttps);
}

/** Where next-auth keeps the address to return to. */
export function callbackCookieName(isHttps: boolean): string {
  return cookieName("callback", isHttps);
}

/** next-auth's cookies under our names; its defaults make them HttpOnly, SameSite=Lax, and Secure with https. */
export function cookieNames(isHttps: boolean) {
  return {
    sessionToken: { name: sessionCookieName(isHttps) },
    callbackUrl: { name: callbackCookieName(isHttps) },
    csrfToken: { name: cookieName("csrf", isHttps) },
    pkceCodeVerifier: { name: cookieName("pkce", isHttps) },
    state: { name: cookieName("state", isHttps) },
    nonce: { name: cookieName("nonce", isHttps) },
  };
}

/** The session id inside an encrypted cookie; null for anything that we didn't write, or too long ago. */
export async function sessionIdIn(
  cookie: string | undefined,
  { secret, isHttps }: { secret: string; isHttps: boolean },
): Promise<string | null> {
  if (!cookie) return null;
  try {
    const token = await decode({ token: cookie, secret, salt: sessionCookieName(isHttps) });
    return typeof token?.sid === "string" ? token.sid : null;
  } catch {
    return null;
  }
}

/** As {@link sessionIdIn}, from a Cookie header. */
export async function sessionIdInHeader(
  cookies: string,
  key: { secret: string; isHttps: boolean },
): Promise<string | null> {
  const prefix = `${sessionCookieName(key.isHttps)}=`;
  const pair = cookies.split(";").find((each) => each.trim().startsWith(prefix));
  return await sessionIdIn(pair?.trim().slice(prefix.length), key);
}
