import { z } from "zod";

/**
 * The process's configuration, parsed once at start. A vendor's own keys are parsed by the vendor's `env.ts`.
 * The table in the README says each variable's meaning, default and whether production requires it.
 */
const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  BASE_URL: z.url({ protocol: /^https?$/ }).default("http://localhost:3000"),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  CAURIS_MODE: z.enum(["demo", "production"]).default("demo"),
  AUTH_SECRET: z.string().min(32),
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  /** Google's issuer; another one only for the sandbox. */
  GOOGLE_ISSUER: z.url().default("https://accounts.google.com"),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(10),
});

export type Env = z.infer<typeof schema>;

let parsed: Env | undefined;

/** Throws an Error that names each wrong variable and says what it should be. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The configuration is not complete.\n${lines.join("\n")}`);
}

/** Parsed at the first use, so that a build needs no configuration. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}
