import { DomainError } from "@/lib/errors";
import { InvariantError } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import { createGetMiPay } from "./getmipay";
import { findGetMiPayEnv } from "./getmipay/env";
import { createPaystack } from "./paystack";
import { findPaystackEnv } from "./paystack/env";
import type { Provider } from "./provider";

let configured: readonly Provider[] | undefined;
let override: readonly Provider[] | null = null;

function build(): readonly Provider[] {
  const getMiPay = findGetMiPayEnv();
  const paystack = findPaystackEnv();
  return [...(getMiPay ? [createGetMiPay(getMiPay)] : []), ...(paystack ? [createPaystack(paystack)] : [])];
}

/** Built at the first use from what is configured. Throws an Error that names a vendor's wrong variable. */
export function listProviders(): readonly Provider[] {
  if (override) return override;
  configured ??= build();
  return configured;
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

/** The first provider with a method in `currency`. Throws DomainError `method_unavailable` when there is none. */
export function providerForCurrency(currency: Currency): Provider {
  const provider = listProviders().find(({ capabilities }) =>
    capabilities.methods.some((row) => row.currency === currency),
  );
  if (!provider) throw new DomainError("method_unavailable");
  return provider;
}

/** For tests: these providers instead of the configured ones, until it is called with null. */
export function overrideProviders(providers: readonly Provider[] | null): void {
  override = providers;
  configured = undefined;
}
