import type { OriginSettings } from "./origin-guard";

/** `https://pay.example`, `http://127.0.0.1:3001`, `*.pay.example`: what a host source of CSP level 3 may look like. */
const HOST_SOURCE = /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

type Source = Record<string, string | undefined>;

/**
 * Where our forms may end: the providers' payment pages and the issuer of sign-in. Chrome applies form-action to the
 * redirects after a POST, so each host that we redirect to must be here. `FORM_ACTION_HOSTS` (commas between) replaces
 * what follows from the providers' own settings. Throws an Error that names the variable.
 */
export function formActionHosts(source: Source = process.env): string[] {
  const given = listOf(source.FORM_ACTION_HOSTS);
  const wrong = given.find((host) => !HOST_SOURCE.test(host));
  if (wrong !== undefined)
    throw new Error(`FORM_ACTION_HOSTS: ${wrong} should be an origin such as https://pay.example`);
  if (given.length > 0) return given;
  return [...new Set([...getMiPayOrigins(source), ...paystackOrigins(source), ...signInOrigins(source)])];
}

function listOf(text = ""): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** The same hosts that lib/providers/getmipay lets a payment page live on. */
function getMiPayOrigins(source: Source): string[] {
  const hosts = listOf(source.GETMIPAY_PAYMENT_HOSTS).map((host) => `https://${host}`);
  if (hosts.length > 0 || !source.GETMIPAY_API_URL) return hosts;
  return [new URL(source.GETMIPAY_API_URL).origin, "https://getmipay.com"];
}

/** The same hosts that lib/providers/paystack lets a payment page live on. */
function paystackOrigins(source: Source): string[] {
  if (!source.PAYSTACK_SECRET_KEY) return [];
  const hosts = listOf(source.PAYSTACK_PAYMENT_HOSTS).map((host) => `https://${host}`);
  if (hosts.length > 0) return hosts;
  const { hostname, origin } = new URL(source.PAYSTACK_API_URL || "https://api.paystack.co");
  // Only a sandbox is on loopback, and it shows its own pages.
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  return [isLoopback ? origin : "https://checkout.paystack.com"];
}

function signInOrigins(source: Source): string[] {
  if (!source.GOOGLE_CLIENT_ID) return [];
  return [new URL(source.GOOGLE_ISSUER || "https://accounts.google.com").origin];
}

/** What a form's origin is held against; the same two facts as in lib/env, which the proxy can't wait for. */
export function originSettings(source: Source = process.env): OriginSettings {
  return {
    baseUrl: source.BASE_URL || "http://localhost:3000",
    isDemo: source.CAURIS_MODE !== "production",
  };
}

/** True when people reach us by https, as `BASE_URL` says: only then do browsers get HSTS and secure cookies. */
export function servedOverHttps(): boolean {
  return process.env.BASE_URL?.startsWith("https:") ?? false;
}

/** `next dev` needs eval and inline styles for its overlay; nothing else does. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}
