import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { z } from "zod";
import { env } from "@/lib/env";

// RFC 7518 §3.2: a key at least as long as the hash.
const KEY_LENGTH_MIN = { HS256: 32, HS384: 48, HS512: 64 } as const;

export type TokenAlgorithm = keyof typeof KEY_LENGTH_MIN;

const schema = z.object({
  JWT_SECRET_KEY: z.string().optional(),
  JWT_ALGORITHM: z.enum(["HS256", "HS384", "HS512"]).default("HS256"),
  JWT_ACCESS_TOKEN_EXPIRE_MINUTES: z.coerce.number().int().min(1).max(1_440).default(30),
  /** Where Google sends people back to after signing in for an API client. */
  GOOGLE_REDIRECT_URI: z.url({ protocol: /^https?$/ }).optional(),
});

export interface TokenEnv {
  key: KeyObject;
  algorithm: TokenAlgorithm;
  lifetimeMinutes: number;
  /** BASE_URL without a slash at the end: who signs, and for whose API. */
  issuer: string;
  audience: string;
  googleRedirectUri: string;
}

interface Defaults {
  baseUrl: string;
  authSecret: string;
}

/** Throws an Error that names the variable and what it should be. */
export function parseTokenEnv(source: Record<string, string | undefined>, defaults: Defaults): TokenEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    throw new Error(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const settings = result.data;
  const lengthMin = KEY_LENGTH_MIN[settings.JWT_ALGORITHM];
  const secret = settings.JWT_SECRET_KEY;
  if (secret !== undefined && Buffer.byteLength(secret) < lengthMin) {
    throw new Error(
      `JWT_SECRET_KEY: ${settings.JWT_ALGORITHM} needs at least ${lengthMin} random characters`,
    );
  }
  const baseUrl = defaults.baseUrl.replace(/\/+$/, "");
  return {
    // A demo has one secret: what is derived from it under another label tells nothing about it.
    key: createSecretKey(
      secret === undefined
        ? Buffer.from(hkdfSync("sha256", defaults.authSecret, "", "cauris access token", 64))
        : Buffer.from(secret),
    ),
    algorithm: settings.JWT_ALGORITHM,
    lifetimeMinutes: settings.JWT_ACCESS_TOKEN_EXPIRE_MINUTES,
    issuer: baseUrl,
    audience: `${baseUrl}/api`,
    googleRedirectUri: settings.GOOGLE_REDIRECT_URI ?? `${baseUrl}/api/auth/google/callback`,
  };
}

let parsed: TokenEnv | undefined;

export function tokenEnv(): TokenEnv {
  parsed ??= parseTokenEnv(process.env, { baseUrl: env().BASE_URL, authSecret: env().AUTH_SECRET });
  return parsed;
}
