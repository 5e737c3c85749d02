import { env } from "@/lib/env";

/** Paystack's is set in its dashboard, for all calls at once. */
const PATHS: Readonly<Record<string, string>> = { paystack: "/api/wallet/paystack/webhook" };

/** Where a provider posts its callbacks: `<BASE_URL>/webhook/<provider>/`, but for Paystack's, which the seed names. */
export function callbackUrlOf(provider: string): string {
  return new URL(PATHS[provider] ?? `/webhook/${provider}/`, env().BASE_URL).href;
}
