import { z } from "zod";

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);
const CHECKOUT_HOST = "checkout.paystack.com";

/** The key travels in every request: clear text is for this machine only. */
function isSafeApiUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === "https:" || LOOPBACK_HOSTS.has(url.hostname);
}

const key = z.string().regex(/^[\x21-\x7e]{16,200}$/, "must be at least 16 visible characters");

const hostList = z
  .string()
  .transform((list) => list.split(",").map((host) => host.trim().toLowerCase()))
  .pipe(
    z.array(z.string().regex(/^[a-z0-9.-]+(:[0-9]+)?$/, "must be host names separated by commas")).min(1),
  );

const schema = z.object({
  PAYSTACK_SECRET_KEY: key,
  PAYSTACK_PUBLIC_KEY: key.optional(),
  PAYSTACK_API_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isSafeApiUrl, "must be https, or http on this machine's loopback address")
    .default("https://api.paystack.co"),
  PAYSTACK_PAYMENT_HOSTS: hostList.optional(),
});

export interface PaystackConfig {
  /** Authenticates our requests and signs their callbacks: Paystack has no other secret. */
  secretKey: string;
  /** For their browser library, which we don't use; taken because the seed's configuration names it. */
  publicKey: string | null;
  /** Without a trailing slash. */
  apiUrl: string;
  /** Host names, with a port unless it is the scheme's own. */
  paymentHosts: readonly string[];
}

type Source = Record<string, string | undefined>;

/** Throws an Error that names each wrong variable; values never appear in it. */
export function parsePaystackEnv(source: Source): PaystackConfig {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`Paystack is not configured.\n${lines.join("\n")}`);
  }
  const env = result.data;
  const api = new URL(env.PAYSTACK_API_URL);
  return {
    secretKey: env.PAYSTACK_SECRET_KEY,
    publicKey: env.PAYSTACK_PUBLIC_KEY ?? null,
    apiUrl: env.PAYSTACK_API_URL.replace(/\/+$/, ""),
    // Only a sandbox is on loopback, and it shows its own pages.
    paymentHosts: env.PAYSTACK_PAYMENT_HOSTS ?? [LOOPBACK_HOSTS.has(api.hostname) ? api.host : CHECKOUT_HOST],
  };
}

/** Null when PAYSTACK_SECRET_KEY is unset; throws when it is set and something is wrong. */
export function findPaystackEnv(source: Source = process.env): PaystackConfig | null {
  return source.PAYSTACK_SECRET_KEY ? parsePaystackEnv(source) : null;
}
