const ALLOWED_HEADERS = "authorization, content-type, idempotency-key, x-api-key, x-request-id";
const EXPOSED_HEADERS = "idempotency-replayed, retry-after, x-request-id";
const PREFLIGHT_SECONDS = "600";

/**
 * The CORS headers for another origin (Fetch standard, CORS protocol). Credentials travel in headers that our
 * allowed origins set themselves, never as cookies, so nothing here allows credentials.
 */
export function corsHeaders(origin: string | null, allowed: ReadonlySet<string>): Record<string, string> {
  if (allowed.size === 0) return {};
  if (origin === null || !allowed.has(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED_HEADERS,
  };
}

/** The answer to OPTIONS; without the allowing headers where the origin isn't one of ours. */
export function preflight(origin: string | null, allowed: ReadonlySet<string>, methods: string): Response {
  const headers = new Headers({ ...corsHeaders(origin, allowed), allow: methods });
  if (headers.has("access-control-allow-origin")) {
    headers.set("access-control-allow-methods", methods);
    headers.set("access-control-allow-headers", ALLOWED_HEADERS);
    headers.set("access-control-max-age", PREFLIGHT_SECONDS);
  }
  return new Response(null, { status: 204, headers });
}
