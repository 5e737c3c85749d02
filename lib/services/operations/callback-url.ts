import { config } from "@/lib/config";
import { findManifest } from "@/lib/providers/manifests";

/** The URL that a provider posts its callbacks to: the path in its manifest, or `/webhook/<name>/` for one without (in tests). */
export function callbackUrlOf(provider: string): string {
  const path = findManifest(provider)?.webhook.path ?? `/webhook/${provider}/`;
  return new URL(path, config().baseUrl).href;
}
