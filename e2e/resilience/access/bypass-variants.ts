import type { RawRequest } from "./raw-request";

/** What variants need to know of the deployment. */
export interface Target {
  /** Name and port, such as `localhost:3000`. */
  host: string;
  buildId: string;
  /** Id of the owner of the objects, whom forged headers name. */
  userId: string;
  /** Id of a server action of another page. */
  actionId: string;
}

/** A known way around access control, applied to a request that is refused: the changed request must be refused too. */
export interface BypassVariant {
  name: string;
  /** Returns the changed request; null where the variant doesn't apply. */
  apply(request: RawRequest, target: Target): RawRequest | null;
}

export type Headers = RawRequest["headers"];

const withHeaders = (
  name: string,
  added: Headers | ((request: RawRequest, target: Target) => Headers),
): BypassVariant => ({
  name,
  apply: (request, target) => ({
    ...request,
    headers: { ...request.headers, ...(typeof added === "function" ? added(request, target) : added) },
  }),
});

/** Changes the path and leaves the query. */
const withPath = (name: string, changePath: (path: string, target: Target) => string): BypassVariant => ({
  name,
  apply(request, target) {
    const [path = "/", query] = request.target.split("?", 2);
    const changed = changePath(path, target);
    if (changed === path) return null;
    return { ...request, target: query === undefined ? changed : `${changed}?${query}` };
  },
});

const withQuery = (query: string): BypassVariant => ({
  name: `?${query}`,
  apply: (request) => ({
    ...request,
    target: `${request.target}${request.target.includes("?") ? "&" : "?"}${query}`,
  }),
});

const withMethod = (
  name: string,
  from: readonly string[],
  method: string,
  headers: Headers = {},
): BypassVariant => ({
  name,
  apply(request) {
    if (!from.includes(request.method)) return null;
    const { body, ...rest } = request;
    const changed = { ...rest, method, headers: { ...request.headers, ...headers } };
    return method === "GET" || method === "HEAD" || body === undefined ? changed : { ...changed, body };
  },
});

const pathOf = ({ target }: RawRequest) => target.split("?", 1)[0] ?? "/";
const changeLastLetter = (path: string, change: (letter: string) => string) =>
  path.replace(/[a-z](?=[^a-z]*$)/i, (letter) => change(letter));
const percent = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

const SUBREQUEST = "x-middleware-subrequest";

/** Headers that Next sends to itself and that a client can forge. */
const NEXT_INTERNALS: readonly BypassVariant[] = [
  withHeaders("as a subrequest of middleware", { [SUBREQUEST]: "middleware" }),
  withHeaders("as a subrequest of src/middleware", { [SUBREQUEST]: "src/middleware" }),
  withHeaders("as a subrequest five deep", { [SUBREQUEST]: Array(5).fill("middleware").join(":") }),
  withHeaders("as a subrequest five deep in src", {
    [SUBREQUEST]: Array(5).fill("src/middleware").join(":"),
  }),
  withHeaders("as a subrequest of proxy", { [SUBREQUEST]: Array(5).fill("proxy").join(":") }),
  withHeaders("as a subrequest of pages/_middleware", { [SUBREQUEST]: "pages/_middleware" }),
  withHeaders("as passed by middleware", { "x-middleware-next": "1", "x-middleware-skip": "1" }),
  withHeaders("as rewritten by middleware", {
    "x-middleware-rewrite": "/wallet",
    "x-middleware-invoke": "1",
  }),
  withHeaders("with middleware's headers", {
    "x-middleware-override-headers": "cookie,authorization",
    "x-middleware-request-x-next-intl-locale": "fr",
  }),
  withHeaders("as Next's data", { "x-nextjs-data": "1" }),
  withHeaders("as React's data", { rsc: "1" }),
  withHeaders("as React's data, prefetched", { rsc: "1", "next-router-prefetch": "1" }),
  withHeaders("as React's data, by segment", {
    rsc: "1",
    "next-router-prefetch": "1",
    "next-router-segment-prefetch": "/_tree",
  }),
  withHeaders("as React's data, with a state", (request) => ({
    rsc: "1",
    "next-router-state-tree": encodeURIComponent(
      JSON.stringify(["", { children: ["wallet", {}] }, null, "refetch"]),
    ),
    "next-url": pathOf(request),
  })),
  withHeaders("as matched already", (request) => ({
    "x-matched-path": pathOf(request),
    "x-invoke-path": pathOf(request),
    "x-invoke-output": pathOf(request),
    "x-invoke-status": "200",
  })),
  withHeaders("as a revalidation", {
    "x-prerender-revalidate": "1",
    "x-prerender-revalidate-if-generated": "1",
  }),
  withHeaders("as resumed", { "next-resume": "1", "x-nextjs-postponed": "1" }),
  withHeaders("as a forwarded action", { "x-action-forwarded": "1" }),
  withHeaders("in draft mode", ({ headers }) => ({
    cookie: [headers.cookie ?? "", "__prerender_bypass=1; __next_preview_data=1"]
      .flat()
      .filter(Boolean)
      .join("; "),
  })),
  withHeaders("with our proxy's own headers", {
    "x-next-intl-locale": "en",
    "x-cauris-path": "/sign-in",
    "x-cauris-address": "127.0.0.1",
  }),
  withQuery("_rsc=1"),
  withQuery("__nextLocale=en&nxtPlocale=en&__nextDataReq=1"),
];

/** Headers to and from reverse proxies. */
const PROXY_HEADERS: readonly BypassVariant[] = [
  withHeaders("X-Original-URL", { "x-original-url": "/", "x-rewrite-url": "/" }),
  withHeaders("X-Original-URL of a public page", {
    "x-original-url": "/sign-in",
    "x-rewrite-url": "/sign-in",
  }),
  withHeaders("X-Forwarded-Host", { "x-forwarded-host": "evil.example" }),
  withHeaders("X-Forwarded-Proto and -Port", { "x-forwarded-proto": "https", "x-forwarded-port": "443" }),
  withHeaders("X-Forwarded-For loopback", {
    "x-forwarded-for": "127.0.0.1",
    "x-real-ip": "127.0.0.1",
    forwarded: "for=127.0.0.1;host=evil.example",
  }),
  withHeaders("X-Forwarded-User", (_request, { userId }) => ({
    "x-forwarded-user": userId,
    "x-user-id": userId,
    "x-remote-user": userId,
    "x-authenticated-userid": userId,
  })),
  withHeaders("foreign Host", { host: "evil.example" }),
  withHeaders("Host with a user", (_request, { host }) => ({ host: `owner@${host}` })),
  withHeaders("Host 127.0.0.1", (_request, { host }) => ({ host: host.replace("localhost", "127.0.0.1") })),
  {
    name: "absolute target",
    apply: (request, { host }) => ({ ...request, target: `http://${host}${request.target}` }),
  },
  {
    name: "absolute target of another host",
    apply: (request) => ({ ...request, target: `http://evil.example${request.target}` }),
  },
];

/** Other spellings of the path, which routing and access control may understand differently. */
const PATH_SPELLINGS: readonly BypassVariant[] = [
  withPath("a trailing slash", (path) => `${path}/`),
  withPath("two slashes in front", (path) => `/${path}`),
  withPath("two slashes inside", (path) => path.replace(/(.)\//, "$1//")),
  withPath("a dot segment in front", (path) => `/.${path}`),
  withPath("a dot segment inside", (path) => path.replace(/\/([^/]+)$/, "/./$1")),
  withPath("traversal from a public page", (path) => `/sign-in/..${path}`),
  withPath("encoded traversal from a public page", (path) => `/sign-in/%2e%2e${path}`),
  withPath("traversal from the static files", (path) => `/_next/static/..${path}`),
  withPath("traversal from the API's documentation", (path) => `/api/docs/../..${path}`),
  withPath("an encoded slash", (path) => path.replace(/(.)\/([^/]*)$/, "$1%2f$2")),
  withPath("a backslash", (path) => path.replace(/(.)\/([^/]*)$/, "$1\\$2")),
  withPath("an encoded letter", (path) => changeLastLetter(path, percent)),
  withPath("a letter encoded twice", (path) =>
    changeLastLetter(path, (letter) => `%25${percent(letter).slice(1)}`),
  ),
  withPath("in upper case", (path) => path.toUpperCase()),
  withPath("one letter in upper case", (path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase())),
  withPath("a matrix parameter", (path) => `${path};a=b`),
  withPath("a matrix parameter in front", (path) => `/;a=b${path}`),
  withPath("a null byte", (path) => `${path}%00`),
  withPath("a null byte and an extension", (path) => `${path}%00.css`),
  withPath("as a style sheet", (path) => `${path}.css`),
  withPath("as .rsc", (path) => `${path}.rsc`),
  withPath("as .json", (path) => `${path}.json`),
  withPath("as .segments", (path) => `${path}.segments/_tree.segment.rsc`),
  withPath("as Next's data file", (path, { buildId }) => `/_next/data/${buildId}${path}.json`),
  withPath("below /fr", (path) => `/fr${path}`),
  withPath("below /en", (path) => `/en${path}`),
  withPath("below /en/en", (path) => `/en/en${path}`),
  withPath("below /fr/en", (path) => `/fr/en${path}`),
  withPath("below another language", (path) => `/de${path}`),
  withPath("with a fragment", (path) => `${path}#/sign-in`),
];

const METHODS: readonly BypassVariant[] = [
  withMethod("HEAD for GET", ["GET"], "HEAD"),
  withMethod("POST for GET", ["GET"], "POST"),
  withMethod("GET for POST", ["POST"], "GET"),
  withMethod("PUT", ["GET", "POST"], "PUT"),
  withMethod("DELETE", ["GET", "POST"], "DELETE"),
  withMethod("OPTIONS", ["GET", "POST"], "OPTIONS", { "access-control-request-method": "GET" }),
  withMethod("TRACE", ["GET", "POST"], "TRACE"),
  withMethod("a method override", ["GET"], "POST", {
    "x-http-method-override": "GET",
    "x-method-override": "GET",
  }),
  withQuery("_method=GET"),
];

const BODIES: readonly BypassVariant[] = [
  withHeaders("as text", ({ body }) => (body === undefined ? {} : { "content-type": "text/plain" })),
  withHeaders("as a form", ({ body }) =>
    body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
  ),
  withHeaders("with another page's action", (_request, { actionId }) => ({ "next-action": actionId })),
  {
    name: "posted with another page's action",
    apply: (request, { actionId, host }) => ({
      ...request,
      method: "POST",
      headers: {
        ...request.headers,
        "next-action": actionId,
        origin: `http://${host}`,
        "content-type": "text/plain;charset=UTF-8",
      },
      body: Buffer.from("[]"),
    }),
  },
  withQuery("token=x&access_token=x&api_key=x&userId=1&user_id=1&sid=1"),
];

export const BYPASS_VARIANTS: readonly BypassVariant[] = [
  ...NEXT_INTERNALS,
  ...PROXY_HEADERS,
  ...PATH_SPELLINGS,
  ...METHODS,
  ...BODIES,
];
