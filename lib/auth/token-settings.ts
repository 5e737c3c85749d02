import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { type Config, madeOfConfig } from "@/lib/config";
import type { TokenAlgorithm } from "@/lib/config-variables";

/** What access tokens are signed and verified with. */
export interface TokenSettings {
  key: KeyObject;
  algorithm: TokenAlgorithm;
  lifetimeMinutes: number;
  /** BASE_URL: who signs, and for whose API. */
  issuer: string;
  audience: string;
}

type TokenConfig = Pick<Config, "auth" | "baseUrl" | "tokens">;

export function toTokenSettings({ auth, baseUrl, tokens }: TokenConfig): TokenSettings {
  return {
    // A demo may have one secret: a key derived from it under another label doesn't reveal it.
    key: createSecretKey(
      tokens.secret === null
        ? Buffer.from(hkdfSync("sha256", auth.secret, "", "cauris access token", 64))
        : Buffer.from(tokens.secret),
    ),
    algorithm: tokens.algorithm,
    lifetimeMinutes: tokens.accessMinutes,
    issuer: baseUrl,
    audience: `${baseUrl}/api`,
  };
}

/** This process's: the key is derived once. */
export const tokenSettings = madeOfConfig<TokenSettings>(toTokenSettings);
