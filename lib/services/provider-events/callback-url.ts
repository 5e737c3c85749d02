import { config } from "@/lib/config";
import { invariant } from "@/lib/invariant";
import { findManifest } from "@/lib/providers/manifests";

/** Where a provider posts its callbacks: the path in its manifest, below BASE_URL. */
export function callbackUrlOf(provider: string): string {
  const manifest = findManifest(provider);
  invariant(manifest !== null, `the provider ${provider} has no manifest`);
  return new URL(manifest.webhook.path, config().baseUrl).href;
}
