import { env } from "@/lib/env";

/** Where a provider posts its callbacks: `<BASE_URL>/webhook/<provider>/`. */
export function callbackUrlOf(provider: string): string {
  return new URL(`/webhook/${provider}/`, env().BASE_URL).href;
}
