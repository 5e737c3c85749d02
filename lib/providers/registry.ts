import { madeOfConfig } from "@/lib/config";
import { InvariantError } from "@/lib/invariant";
import { createGetMiPay } from "./getmipay";
import { createPaystack } from "./paystack";
import type { Provider } from "./provider";

const configured = madeOfConfig<readonly Provider[]>(({ providers: { getmipay, paystack } }) => [
  ...(getmipay ? [createGetMiPay(getmipay)] : []),
  ...(paystack ? [createPaystack(paystack)] : []),
]);
let override: readonly Provider[] | null = null;

/** Every provider that is configured. */
export function listProviders(): readonly Provider[] {
  return override ?? configured();
}

/** Null when it isn't configured. */
export function findProvider(name: string): Provider | null {
  return listProviders().find((provider) => provider.name === name) ?? null;
}

/** For a name that we stored ourselves. Throws {@link InvariantError} when it isn't configured any more. */
export function getProvider(name: string): Provider {
  const provider = findProvider(name);
  if (!provider) throw new InvariantError(`the provider ${name} is not configured`);
  return provider;
}

/** For tests: these providers instead of the configured ones, until it is called with null. */
export function overrideProviders(providers: readonly Provider[] | null): void {
  override = providers;
}
