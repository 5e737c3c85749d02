import type { HttpRequest } from "./http";

/** What variants need to know of the deployment. */
export interface Target {
  /** Name and port, such as `localhost:3000`. */
  host: string;
  buildId: string;
  /** Id of the user whom forged headers name. */
  userId: string;
  /** Id of a server action of another page. */
  actionId: string;
}

/** Another form of a request, sent to get around a check: the changed request; null where it doesn't apply. */
export type Variant = (request: HttpRequest, target: Target) => HttpRequest | null;
export type Variants = Readonly<Record<string, Variant>>;

type Headers = HttpRequest["headers"];

const mapValues = <T>(table: Readonly<Record<string, T>>, toVariant: (value: T) => Variant): Variants =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, toVariant(value)]));

const withHeaders =
  (added: Headers | ((request: HttpRequest, target: Target) => Headers)): Variant =>
  (request, target) => ({
    ...request,
    headers: { ...request.headers, ...(typeof added === "function" ? added(request, target) : added) },
  });

/** Changes the path and leaves the query. */
const withPath =
  (changePath: (path: string, target: Target) => string): Variant =>
  (request, target) => {
    const [path = "/", query] = request.target.split("?", 2);
    const changed = changePath(path, target);
    if (changed === path) return null;
    return { ...request, target: query === undefined ? changed : `${changed}?${query}` };
  };

const withQuery =
  (query: string): Variant =>
  (request) => ({
    ...request,
    target: `${request.target}${request.target.includes("?") ? "&" : "?"}${query}`,
  });

const withMethod =
  (from: readonly string[], method: string, headers: Headers = {}): Variant =>
  (request) => {
    if (!from.includes(request.method)) return null;
    const { body, ...rest } = request;
    const changed = { ...rest, method, headers: { ...request.headers, ...headers } };
    return method === "GET" || method === "HEAD" || body === undefined ? changed : { ...changed, body };
  };

const pathOf = ({ target }: HttpRequest) => target.split("?", 1)[0] ?? "/";
const percent = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;
const changeLastLetter = (path: string, change: (letter: string) => string) =>
  path.replace(/[a-z](?=[^a-z]*$)/i, (letter) => change(letter));
const subrequest = (name: string, depth = 1): Headers => ({
  "x-middleware-subrequest": Array(depth).fill(name).join(":"),
});

/** Headers that Next and this app send to themselves, and headers to and from reverse proxies: a client can forge them. */
export const HEADER_VARIANTS: Variants = {
  ...mapValues<Headers>(
    {
      "as a subrequest of middleware": subrequest("middleware"),
      "as a subrequest of src/middleware": subrequest("src/middleware"),
      "as a subrequest five deep": subrequest("middleware", 5),
      "as a subrequest five deep in src": subrequest("src/middleware", 5),
      "as a subrequest of proxy": subrequest("proxy", 5),
      "as a subrequest of pages/_middleware": subrequest("pages/_middleware"),
      "as passed by middleware": { "x-middleware-next": "1", "x-middleware-skip": "1" },
      "as rewritten by middleware": { "x-middleware-rewrite": "/wallet", "x-middleware-invoke": "1" },
      "with middleware's headers": {
        "x-middleware-override-headers": "cookie,authorization",
        "x-middleware-request-x-next-intl-locale": "fr",
      },
      "as Next's data": { "x-nextjs-data": "1" },
      "as React's data": { rsc: "1" },
      "as React's data, prefetched": { rsc: "1", "next-router-prefetch": "1" },
      "as React's data, by segment": {
        rsc: "1",
        "next-router-prefetch": "1",
        "next-router-segment-prefetch": "/_tree",
      },
      "as a revalidation": {
        "x-prerender-revalidate": "1",
        "x-prerender-revalidate-if-generated": "1",
      },
      "as resumed": { "next-resume": "1", "x-nextjs-postponed": "1" },
      "as a forwarded action": { "x-action-forwarded": "1" },
      "with our proxy's own headers": {
        "x-next-intl-locale": "en",
        "x-cauris-path": "/sign-in",
        "x-cauris-address": "127.0.0.1",
      },
      "X-Original-URL": { "x-original-url": "/", "x-rewrite-url": "/" },
      "X-Original-URL of a public page": { "x-original-url": "/sign-in", "x-rewrite-url": "/sign-in" },
      "X-Forwarded-Host": { "x-forwarded-host": "evil.example" },
      "X-Forwarded-Proto and -Port": { "x-forwarded-proto": "https", "x-forwarded-port": "443" },
      "X-Forwarded-For loopback": {
        "x-forwarded-for": "127.0.0.1",
        "x-real-ip": "127.0.0.1",
        forwarded: "for=127.0.0.1;host=evil.example",
      },
      "foreign Host": { host: "evil.example" },
    },
    withHeaders,
  ),
  "as React's data, with a state": withHeaders((request) => ({
    rsc: "1",
    "next-router-state-tree": encodeURIComponent('["",{"children":["wallet",{}]},null,"refetch"]'),
    "next-url": pathOf(request),
  })),
  "as matched already": withHeaders((request) => ({
    "x-matched-path": pathOf(request),
    "x-invoke-path": pathOf(request),
    "x-invoke-output": pathOf(request),
    "x-invoke-status": "200",
  })),
  "in draft mode": withHeaders(({ headers }) => ({
    cookie: [headers.cookie ?? [], "__prerender_bypass=1; __next_preview_data=1"].flat().join("; "),
  })),
  "X-Forwarded-User": withHeaders((_request, { userId }) => ({
    "x-forwarded-user": userId,
    "x-user-id": userId,
    "x-remote-user": userId,
    "x-authenticated-userid": userId,
  })),
  "Host with a user": withHeaders((_request, { host }) => ({ host: `owner@${host}` })),
  "Host 127.0.0.1": withHeaders((_request, { host }) => ({ host: host.replace("localhost", "127.0.0.1") })),
  "as text": withHeaders(({ body }) => (body === undefined ? {} : { "content-type": "text/plain" })),
  "as a form": withHeaders(({ body }) =>
    body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
  ),
  "with another page's action": withHeaders((_request, { actionId }) => ({ "next-action": actionId })),
};

/** Other spellings of the address, which routing and access control may understand differently. */
export const ADDRESS_VARIANTS: Variants = {
  ...mapValues<Parameters<typeof withPath>[0]>(
    {
      "a trailing slash": (path) => `${path}/`,
      "two slashes in front": (path) => `/${path}`,
      "two slashes inside": (path) => path.replace(/(.)\//, "$1//"),
      "a dot segment in front": (path) => `/.${path}`,
      "a dot segment inside": (path) => path.replace(/\/([^/]+)$/, "/./$1"),
      "traversal from a public page": (path) => `/sign-in/..${path}`,
      "encoded traversal from a public page": (path) => `/sign-in/%2e%2e${path}`,
      "traversal from the static files": (path) => `/_next/static/..${path}`,
      "traversal from the API's documentation": (path) => `/api/docs/../..${path}`,
      "an encoded slash": (path) => path.replace(/(.)\/([^/]*)$/, "$1%2f$2"),
      "a backslash": (path) => path.replace(/(.)\/([^/]*)$/, "$1\\$2"),
      "an encoded letter": (path) => changeLastLetter(path, percent),
      "a letter encoded twice": (path) =>
        changeLastLetter(path, (letter) => `%25${percent(letter).slice(1)}`),
      "in upper case": (path) => path.toUpperCase(),
      "one letter in upper case": (path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase()),
      "a matrix parameter": (path) => `${path};a=b`,
      "a matrix parameter in front": (path) => `/;a=b${path}`,
      "a null byte": (path) => `${path}%00`,
      "a null byte and an extension": (path) => `${path}%00.css`,
      "as a style sheet": (path) => `${path}.css`,
      "as .rsc": (path) => `${path}.rsc`,
      "as .json": (path) => `${path}.json`,
      "as .segments": (path) => `${path}.segments/_tree.segment.rsc`,
      "as Next's data file": (path, { buildId }) => `/_next/data/${buildId}${path}.json`,
      "below /fr": (path) => `/fr${path}`,
      "below /en": (path) => `/en${path}`,
      "below /en/en": (path) => `/en/en${path}`,
      "below /fr/en": (path) => `/fr/en${path}`,
      "below another language": (path) => `/de${path}`,
      "with a fragment": (path) => `${path}#/sign-in`,
    },
    withPath,
  ),
  "absolute target": (request, { host }) => ({ ...request, target: `http://${host}${request.target}` }),
  "absolute target of another host": (request) => ({
    ...request,
    target: `http://evil.example${request.target}`,
  }),
  "?_rsc=1": withQuery("_rsc=1"),
  "?__nextLocale=en": withQuery("__nextLocale=en&nxtPlocale=en&__nextDataReq=1"),
  "?_method=GET": withQuery("_method=GET"),
  "?token=x": withQuery("token=x&access_token=x&api_key=x&userId=1&user_id=1&sid=1"),
};

export const METHOD_VARIANTS: Variants = {
  "HEAD for GET": withMethod(["GET"], "HEAD"),
  "POST for GET": withMethod(["GET"], "POST"),
  "GET for POST": withMethod(["POST"], "GET"),
  PUT: withMethod(["GET", "POST"], "PUT"),
  DELETE: withMethod(["GET", "POST"], "DELETE"),
  OPTIONS: withMethod(["GET", "POST"], "OPTIONS", { "access-control-request-method": "GET" }),
  TRACE: withMethod(["GET", "POST"], "TRACE"),
  "a method override": withMethod(["GET"], "POST", {
    "x-http-method-override": "GET",
    "x-method-override": "GET",
  }),
  "posted with another page's action": (request, { actionId, host }) => ({
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
};

/** Known ways around access control, applied to a request that is refused: the changed request must be refused too. */
export const BYPASS_VARIANTS: Variants = { ...HEADER_VARIANTS, ...ADDRESS_VARIANTS, ...METHOD_VARIANTS };

/** Cross-site request forgery: a server action that another site's page sends with its reader's cookie. */
export const CROSS_SITE_VARIANTS: Variants = mapValues<Headers>(
  {
    "from another site": { origin: "https://evil.example" },
    "from another site, as if forwarded": {
      origin: "https://evil.example",
      "x-forwarded-host": "evil.example",
    },
    "from another site under its Host": { origin: "http://evil.example", host: "evil.example" },
    "from a sandboxed frame": { origin: "null" },
    "from another port": { origin: "http://localhost:1" },
    "from a host name that starts like ours": { origin: "http://localhost.evil.example" },
    "without an origin": {},
    "without an origin, across sites": { "sec-fetch-site": "cross-site" },
    "without an origin, from the same site": { "sec-fetch-site": "same-site" },
    "without an origin, as typed into the address bar": { "sec-fetch-site": "none" },
    "from another site that claims to be the same": {
      origin: "https://evil.example",
      "sec-fetch-site": "same-origin",
    },
  },
  (headers) => (request) => {
    const { origin: _own, ...rest } = request.headers;
    return { ...request, headers: { ...rest, ...headers } };
  },
);
