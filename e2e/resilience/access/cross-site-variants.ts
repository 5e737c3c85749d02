import type { BypassVariant, Headers } from "./bypass-variants";

const withOrigin = (name: string, headers: Headers): BypassVariant => ({
  name,
  apply(request) {
    const { origin: _own, ...rest } = request.headers;
    return { ...request, headers: { ...rest, ...headers } };
  },
});

/** Cross-site request forgery: a server action that another site's page sends with its reader's cookie. */
export const CROSS_SITE_VARIANTS: readonly BypassVariant[] = [
  withOrigin("from another site", { origin: "https://evil.example" }),
  withOrigin("from another site, as if forwarded", {
    origin: "https://evil.example",
    "x-forwarded-host": "evil.example",
  }),
  withOrigin("from another site under its Host", { origin: "http://evil.example", host: "evil.example" }),
  withOrigin("from a sandboxed frame", { origin: "null" }),
  withOrigin("from another port", { origin: "http://localhost:1" }),
  withOrigin("from a host name that starts like ours", { origin: "http://localhost.evil.example" }),
  withOrigin("without an origin", {}),
  withOrigin("without an origin, across sites", { "sec-fetch-site": "cross-site" }),
  withOrigin("without an origin, from the same site", { "sec-fetch-site": "same-site" }),
  withOrigin("without an origin, as typed into the address bar", { "sec-fetch-site": "none" }),
  withOrigin("from another site that claims to be the same", {
    origin: "https://evil.example",
    "sec-fetch-site": "same-origin",
  }),
];
