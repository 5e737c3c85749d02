import { isLoopbackHost } from "@/lib/loopback";

export interface OriginSettings {
  /** Where people reach us. */
  baseUrl: string;
  /** In a demo people type localhost or 127.0.0.1 as they like. */
  isDemo: boolean;
}

/** The port as a number, with the scheme's own filled in. */
function portOf(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}

/** A demo reached by another name of this machine: same port, and the page itself was requested under that name. */
function isOtherLoopbackName(origin: string, host: string | null, baseUrl: URL): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (
    url.origin === origin &&
    url.protocol === "http:" &&
    isLoopbackHost(url.hostname) &&
    isLoopbackHost(baseUrl.hostname) &&
    portOf(url) === portOf(baseUrl) &&
    host === url.host
  );
}

/**
 * True when a form came from one of our own pages: by Origin (RFC 6454 §7), or without one by Sec-Fetch-Site (Fetch
 * Metadata), which pages can't forge either. What says nothing, or `null`, is refused.
 */
export function isOwnOrigin(headers: Headers, { baseUrl, isDemo }: OriginSettings): boolean {
  const base = new URL(baseUrl);
  const origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "same-origin";
  return origin === base.origin || (isDemo && isOtherLoopbackName(origin, headers.get("host"), base));
}
