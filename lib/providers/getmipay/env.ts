import { z } from "zod";
import { type Service, serviceList } from "./services";

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
    GETMIPAY_SERVICES: serviceList,
  })
  .refine((env) => env.GETMIPAY_DIALECT !== "public" || !env.GETMIPAY_REFERENCE_IDEMPOTENT, {
    path: ["GETMIPAY_REFERENCE_IDEMPOTENT"],
    message: "must not be true with GETMIPAY_DIALECT=public: its payouts take no reference of ours",
  })
  .refine((env) => env.GETMIPAY_WEBHOOK_SECRET !== env.GETMIPAY_SECRET_KEY, {
    path: ["GETMIPAY_WEBHOOK_SECRET"],
    message: "must differ from GETMIPAY_SECRET_KEY",
  });

export interface GetMiPayConfig {
  /** `v1` is the seed's; `public` is what docs.getmipay.com describes. */
  dialect: "v1" | "public";
  /** `public`: the public one of the key pair. */
  apiKey: string;
  /** v1: signs our requests. `public`: the private one of the key pair. */
  secretKey: string;
  /** Without a trailing slash; in `public` with its `/api/v1`. */
  apiUrl: string;
  /** v1: signs their callbacks. `public`: ours alone, it proves that a callback's address is one that we gave out. */
  webhookSecret: string;
  /** Host names, with a port unless it is the scheme's own. */
  paymentHosts: readonly string[];
  /** See lib/providers/README.md, 2026-11-22. */
  referenceIdempotent: boolean;
  /** Only `public` has them. */
  services: readonly Service[];
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
    dialect: env.GETMIPAY_DIALECT,
    apiKey: env.GETMIPAY_API_KEY,
    secretKey: env.GETMIPAY_SECRET_KEY,
    apiUrl: env.GETMIPAY_API_URL.replace(/\/+$/, ""),
    webhookSecret: env.GETMIPAY_WEBHOOK_SECRET,
    paymentHosts: env.GETMIPAY_PAYMENT_HOSTS ?? [
      ...new Set([new URL(env.GETMIPAY_API_URL).host, "getmipay.com"]),
    ],
    referenceIdempotent: env.GETMIPAY_REFERENCE_IDEMPOTENT,
    services: env.GETMIPAY_SERVICES,
  };
}

/** Null when no GETMIPAY_ variable is set at all; throws when only some are, or one is wrong. */
export function findGetMiPayEnv(source: Source = process.env): GetMiPayConfig | null {
  const isNamed = Object.entries(source).some(([name, value]) => name.startsWith("GETMIPAY_") && value);
  return isNamed ? parseGetMiPayEnv(source) : null;
}
