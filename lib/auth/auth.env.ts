import { env } from "@/lib/env";

export interface AuthEnv {
  secret: string;
  /** Scheme, host and port that people reach us at; never what a Host header claims. */
  origin: string;
  isHttps: boolean;
  google: { issuer: string; clientId: string; clientSecret: string } | null;
}

/** What sign-in is configured with. Google is on when its client id and secret are set. */
export function authEnv(): AuthEnv {
  const { AUTH_SECRET, BASE_URL, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_ISSUER } = env();
  const { origin, protocol } = new URL(BASE_URL);
  const isGoogleSet = GOOGLE_CLIENT_ID !== undefined && GOOGLE_CLIENT_SECRET !== undefined;
  return {
    secret: AUTH_SECRET,
    origin,
    isHttps: protocol === "https:",
    google: isGoogleSet
      ? { issuer: GOOGLE_ISSUER, clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET }
      : null,
  };
}

/** next-auth asks this variable, and the Host header without it: a stranger could choose where links lead. */
export function pinAuthUrl(origin: string): void {
  process.env.AUTH_URL = origin;
}
