import { env } from "@/lib/env";

/** A path of ours as an absolute URL, from the configured address and never from what a caller's Host says. */
export function siteUrl(path: string): string {
  return new URL(path, env().BASE_URL).href;
}
