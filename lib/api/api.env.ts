import { z } from "zod";

const perMinute = (calls: number) => z.coerce.number().int().min(1).max(10_000_000).default(calls);

const schema = z.object({
  BASE_URL: z.url({ protocol: /^https?$/ }).default("http://localhost:3000"),
  /** Origins whose pages may call the API, commas between. The seed's name. */
  CORS_ALLOWED_ORIGINS: z.string().default(""),
  /** Calls a minute with one API key, of one account with all its keys and tokens, and from one address. */
  API_RATE_LIMIT_KEY: perMinute(600),
  API_RATE_LIMIT_ACCOUNT: perMinute(1_200),
  API_RATE_LIMIT_ADDRESS: perMinute(1_200),
  /** Calls a minute from one address whose credential doesn't hold. */
  API_RATE_LIMIT_REFUSED: perMinute(60),
});

export interface ApiSettings {
  /** Without a slash at the end. */
  baseUrl: string;
  allowedOrigins: ReadonlySet<string>;
  limits: { key: number; account: number; address: number; refused: number };
}

/** Throws an Error that names the variable and what it should be. */
export function parseApiSettings(source: Record<string, string | undefined>): ApiSettings {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    throw new Error(
      result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  const env = result.data;
  const origins = env.CORS_ALLOWED_ORIGINS.split(",")
    .map((origin) => origin.trim().replace(/\/$/, ""))
    .filter((origin) => origin !== "");
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong !== undefined) {
    throw new Error(`CORS_ALLOWED_ORIGINS: ${wrong} should be an origin such as https://app.example`);
  }
  return {
    baseUrl: env.BASE_URL.replace(/\/+$/, ""),
    allowedOrigins: new Set(origins),
    limits: {
      key: env.API_RATE_LIMIT_KEY,
      account: env.API_RATE_LIMIT_ACCOUNT,
      address: env.API_RATE_LIMIT_ADDRESS,
      refused: env.API_RATE_LIMIT_REFUSED,
    },
  };
}

let parsed: ApiSettings | undefined;

export function apiSettings(): ApiSettings {
  parsed ??= parseApiSettings(process.env);
  return parsed;
}
