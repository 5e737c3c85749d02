import { z } from "zod";

const schema = z.object({
  /** Twelve characters of a key are shown: a prefix leaves some of them to tell keys apart. */
  API_KEY_PREFIX: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{1,8}$/, "should be 2 to 9 letters, digits and underscores")
    .default("sk_live_"),
  /** Random bytes in a key: 24 are 192 bits. */
  API_KEY_LENGTH: z.coerce.number().int().min(24).max(64).default(32),
});

export interface ApiKeyShape {
  prefix: string;
  randomBytes: number;
}

let parsed: ApiKeyShape | undefined;

/** Throws an Error that names the variable and what it should be. */
export function parseApiKeyShape(source: Record<string, string | undefined>): ApiKeyShape {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    throw new Error(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  return { prefix: result.data.API_KEY_PREFIX, randomBytes: result.data.API_KEY_LENGTH };
}

export function apiKeyShape(): ApiKeyShape {
  parsed ??= parseApiKeyShape(process.env);
  return parsed;
}
