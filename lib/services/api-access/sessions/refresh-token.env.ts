import { hkdfSync } from "node:crypto";
import { z } from "zod";
import { env } from "@/lib/env";

const schema = z.object({
  JWT_SECRET_KEY: z.string().min(32).optional(),
  JWT_REFRESH_TOKEN_EXPIRE_DAYS: z.coerce.number().int().min(1).max(365).default(7),
});

export interface RefreshTokenEnv {
  /** What successors are derived with: of the secret, but not the key that signs access tokens. */
  successorKey: Buffer;
  lifetimeDays: number;
}

let parsed: RefreshTokenEnv | undefined;

/** Throws an Error that names the variable and what it should be. */
export function parseRefreshTokenEnv(
  source: Record<string, string | undefined>,
  authSecret: () => string,
): RefreshTokenEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    throw new Error(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const secret = result.data.JWT_SECRET_KEY ?? authSecret();
  return {
    successorKey: Buffer.from(hkdfSync("sha256", secret, "", "cauris refresh token successor", 32)),
    lifetimeDays: result.data.JWT_REFRESH_TOKEN_EXPIRE_DAYS,
  };
}

export function refreshTokenEnv(): RefreshTokenEnv {
  parsed ??= parseRefreshTokenEnv(process.env, () => env().AUTH_SECRET);
  return parsed;
}
