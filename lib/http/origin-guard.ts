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

/** The origin of a Referer; empty for none and for what is no address. */
function originOfReferer(referer: string | null): string {
  return referer !== null && URL.canParse(referer) ? new URL(referer).origin : "";
}

/**
 * True when a form came from one of our own pages: by Origin (RFC 6454 §7); without one, or with `null`, by Sec-Fetch-Site
 * (Fetch Metadata); where a browser sends neither, by Referer. No page of another site can forge any of them.
 */
export function isOwnOrigin(headers: Headers, { baseUrl, isDemo }: OriginSettings): boolean {
  const base = new URL(baseUrl);
  const isOurs = (origin: string) =>
    origin === base.origin || (isDemo && isOtherLoopbackName(origin, headers.get("host"), base));
  const origin = headers.get("origin");
  // `null`: a strict referrer policy, an extension, or a page without an origin, which only Sec-Fetch-Site tells apart.
  if (origin !== null && origin !== "null") return isOurs(origin);
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return origin === null && isOurs(originOfReferer(headers.get("referer")));
}
