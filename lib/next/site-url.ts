import { config } from "@/lib/config";

/** A path of ours as an absolute URL, from the configured address and never from what a caller's Host says. */
export function siteUrl(path: string): string {
  return new URL(path, config().baseUrl).href;
}
