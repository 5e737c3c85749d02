import type { z } from "zod";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import { collectSettings, type Source } from "@/lib/parse-settings";
import { getMiPayManifest } from "./getmipay/manifest";
import type { ProviderManifest, ProviderSettingsBase } from "./manifest";
import { paystackManifest } from "./paystack/manifest";

/** Every vendor: a new one adds its manifest here and its adapter to `registry.ts`. */
const MANIFESTS = { getmipay: getMiPayManifest, paystack: paystackManifest };

export type ProviderName = keyof typeof MANIFESTS;

/** A variable that holds a vendor's key. */
export type ProviderCredential = (typeof MANIFESTS)[ProviderName]["credentials"][number];

/** Each vendor's settings; null for one that isn't configured. */
export type ProviderSettings = {
  [Name in ProviderName]: z.output<(typeof MANIFESTS)[Name]["settings"]> | null;
};

/** In the order in which methods are looked for. */
export const PROVIDER_MANIFESTS: readonly ProviderManifest[] = Object.values(MANIFESTS);

/** Every variable that holds a vendor's key. */
export const PROVIDER_CREDENTIALS: readonly ProviderCredential[] = Object.values(MANIFESTS).flatMap(
  ({ credentials }): readonly ProviderCredential[] => credentials,
);

/** A vendor of which one variable is set must be configured whole; adds a line for each wrong one to `problems`. */
export function collectProviderSettings(source: Source, problems: string[]): ProviderSettings {
  const read = <Settings extends ProviderSettingsBase>(manifest: ProviderManifest<Settings>) =>
    manifest.variables.some((name) => source[name])
      ? collectSettings(manifest.settings, source, problems)
      : null;
  return { getmipay: read(getMiPayManifest), paystack: read(paystackManifest) };
}

export function findManifest(name: string): ProviderManifest | null {
  return PROVIDER_MANIFESTS.find((manifest) => manifest.name === name) ?? null;
}

/** The first vendor with a method in `currency`. */
export function manifestFor(currency: Currency): ProviderManifest {
  const found = PROVIDER_MANIFESTS.find(({ methods }) => methods.some((row) => row.currency === currency));
  invariant(found !== undefined, `no provider has a method in ${currency}`);
  return found;
}

/** What people call the provider that we stored as `name`. */
export function providerTitle(name: string): string {
  return findManifest(name)?.title ?? name;
}

/** True when an account with a vendor is configured, even in part: then money is real. */
export function isRealProviderConfigured(source: Source): boolean {
  return PROVIDER_CREDENTIALS.some((name) => source[name]);
}
