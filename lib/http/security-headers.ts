export interface PolicyOptions {
  nonce: string;
  formActionHosts: readonly string[];
  https: boolean;
  development: boolean;
}

/** The Content-Security-Policy of a page (CSP level 3): scripts and styles by nonce, everything else from here or nowhere. */
export function contentSecurityPolicy({ nonce, formActionHosts, https, development }: PolicyOptions): string {
  const own = `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src ${own} 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // A nonce would switch 'unsafe-inline' off, and the development overlay has no nonce.
    `style-src ${development ? "'self' 'unsafe-inline'" : own}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    `form-action ${["'self'", ...formActionHosts].join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    ...(https ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** What every answer carries. Referrer-Policy stays same-origin: with no-referrer a form would post `Origin: null`. */
export function securityHeaders(https: boolean): Record<string, string> {
  return {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    ...(https ? { "Strict-Transport-Security": "max-age=63072000; includeSubDomains" } : {}),
  };
}

/** What the page of a link carries besides: its address is a secret, which no search engine and no other site may learn. */
export function linkHeaders(path: string): Record<string, string> {
  return /^\/v\//.test(path) ? { "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow" } : {};
}

/** Pages about one person: never kept by a cache, a proxy or the browser's back button after signing out. */
export function isPersonal(path: string): boolean {
  return /^\/(?:wallet|tontines|join|take-over|p|r|v|sign-[a-z]+)(?:\/|$)/.test(path);
}
