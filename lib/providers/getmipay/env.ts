import { z } from "zod";

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Secrets travel in every request: clear text is for this machine only. */
function isSafeApiUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === "https:" || LOOPBACK_HOSTS.has(url.hostname);
}

const hostList = z
  .string()
  .transform((list) => list.split(",").map((host) => host.trim().toLowerCase()))
  .pipe(
    z.array(z.string().regex(/^[a-z0-9.-]+(:[0-9]+)?$/, "must be host names separated by commas")).min(1),
  );

const schema = z
  .object({
    GETMIPAY_API_KEY: z.string().min(8),
    GETMIPAY_SECRET_KEY: z.string().min(16),
    GETMIPAY_API_URL: z
      .url({ protocol: /^https?$/ })
      .refine(isSafeApiUrl, "must be https, or http on this machine's loopback address"),
    GETMIPAY_WEBHOOK_SECRET: z.string().min(16),
    GETMIPAY_DIALECT: z.enum(["v1", "public"]).default("v1"),
    GETMIPAY_PAYMENT_HOSTS: hostList.optional(),
    GETMIPAY_REFERENCE_IDEMPOTENT: z.stringbool().default(false),
  })
  .refine((env) => env.GETMIPAY_DIALECT !== "public", {
    path: ["GETMIPAY_DIALECT"],
    message: "the public dialect is not built yet; use v1",
  })
  .refine((env) => env.GETMIPAY_WEBHOOK_SECRET !== env.GETMIPAY_SECRET_KEY, {
    path: ["GETMIPAY_WEBHOOK_SECRET"],
    message: "must differ from GETMIPAY_SECRET_KEY",
  });

export interface GetMiPayConfig {
  apiKey: string;
  /** Signs our requests. */
  secretKey: string;
  /** Without a trailing slash. */
  apiUrl: string;
  /** Signs their callbacks. */
  webhookSecret: string;
  /** Host names, with a port unless it is the scheme's own. */
  paymentHosts: readonly string[];
  /** See lib/providers/README.md, 2026-11-22. */
  referenceIdempotent: boolean;
}

type Source = Record<string, string | undefined>;

/** Throws an Error that names each wrong variable; values never appear in it. */
export function parseGetMiPayEnv(source: Source): GetMiPayConfig {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`GetMiPay is not configured.\n${lines.join("\n")}`);
  }
  const env = result.data;
  return {
    apiKey: env.GETMIPAY_API_KEY,
    secretKey: env.GETMIPAY_SECRET_KEY,
    apiUrl: env.GETMIPAY_API_URL.replace(/\/+$/, ""),
    webhookSecret: env.GETMIPAY_WEBHOOK_SECRET,
    paymentHosts: env.GETMIPAY_PAYMENT_HOSTS ?? [new URL(env.GETMIPAY_API_URL).host, "getmipay.com"],
    referenceIdempotent: env.GETMIPAY_REFERENCE_IDEMPOTENT,
  };
}

/** Null when no GETMIPAY_ variable is set at all; throws when only some are, or one is wrong. */
export function findGetMiPayEnv(source: Source = process.env): GetMiPayConfig | null {
  const isNamed = Object.entries(source).some(([name, value]) => name.startsWith("GETMIPAY_") && value);
  return isNamed ? parseGetMiPayEnv(source) : null;
}
