import type { Asked } from "./ask";

/** What bending needs to know of the deployment. */
export interface Place {
  /** `localhost:3000`. */
  host: string;
  buildId: string;
  /** The owner's, which a forged header claims to be. */
  userId: string;
  /** An action of another page. */
  actionId: string;
}

/** Another way to ask for the same, which must never get more. */
export interface Bend {
  name: string;
  /** Null where it makes no sense. */
  bend(asked: Asked, place: Place): Asked | null;
}

export type Headers = Asked["headers"];

const withHeaders = (name: string, added: Headers | ((asked: Asked, place: Place) => Headers)): Bend => ({
  name,
  bend: (asked, place) => ({
    ...asked,
    headers: { ...asked.headers, ...(typeof added === "function" ? added(asked, place) : added) },
  }),
});

/** Bends the path and leaves the query. */
const withPath = (name: string, bendPath: (path: string, place: Place) => string | null): Bend => ({
  name,
  bend(asked, place) {
    const [path = "/", query] = asked.target.split("?", 2);
    const bent = bendPath(path, place);
    return bent === null || bent === path
      ? null
      : { ...asked, target: query === undefined ? bent : `${bent}?${query}` };
  },
});

const withQuery = (query: string): Bend => ({
  name: `?${query}`,
  bend: (asked) => ({ ...asked, target: `${asked.target}${asked.target.includes("?") ? "&" : "?"}${query}` }),
});

const withMethod = (name: string, from: readonly string[], method: string, headers: Headers = {}): Bend => ({
  name,
  bend(asked) {
    if (!from.includes(asked.method)) return null;
    const { body, ...rest } = asked;
    const bent = { ...rest, method, headers: { ...asked.headers, ...headers } };
    return method === "GET" || method === "HEAD" || body === undefined ? bent : { ...bent, body };
  },
});

const pathOf = ({ target }: Asked) => target.split("?", 1)[0] ?? "/";
const lastLetter = (path: string, change: (letter: string) => string) =>
  path.replace(/[a-z](?=[^a-z]*$)/i, (letter) => change(letter));
const percent = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

const SUBREQUEST = "x-middleware-subrequest";

/** What Next tells itself in headers, and a stranger might. */
const INSIDE_NEXT: readonly Bend[] = [
  withHeaders("as a subrequest of middleware", { [SUBREQUEST]: "middleware" }),
  withHeaders("as a subrequest of src/middleware", { [SUBREQUEST]: "src/middleware" }),
  withHeaders("as a subrequest five deep", { [SUBREQUEST]: Array(5).fill("middleware").join(":") }),
  withHeaders("as a subrequest five deep in src", {
    [SUBREQUEST]: Array(5).fill("src/middleware").join(":"),
  }),
  withHeaders("as a subrequest of proxy", { [SUBREQUEST]: Array(5).fill("proxy").join(":") }),
  withHeaders("as a subrequest of pages/_middleware", { [SUBREQUEST]: "pages/_middleware" }),
  withHeaders("as passed on by middleware", { "x-middleware-next": "1", "x-middleware-skip": "1" }),
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
  withHeaders("as React's data, with a state", (asked) => ({
    rsc: "1",
    "next-router-state-tree": encodeURIComponent(
      JSON.stringify(["", { children: ["wallet", {}] }, null, "refetch"]),
    ),
    "next-url": pathOf(asked),
  })),
  withHeaders("as matched already", (asked) => ({
    "x-matched-path": pathOf(asked),
    "x-invoke-path": pathOf(asked),
    "x-invoke-output": pathOf(asked),
    "x-invoke-status": "200",
  })),
  withHeaders("as a revalidation", {
    "x-prerender-revalidate": "1",
    "x-prerender-revalidate-if-generated": "1",
  }),
  withHeaders("as resumed", { "next-resume": "1", "x-nextjs-postponed": "1" }),
  withHeaders("as an action that was passed on", { "x-action-forwarded": "1" }),
  withHeaders("in draft mode", ({ headers }) => ({
    cookie: [headers.cookie ?? "", "__prerender_bypass=1; __next_preview_data=1"]
      .flat()
      .filter(Boolean)
      .join("; "),
  })),
  withHeaders("with our own proxy's headers", {
    "x-next-intl-locale": "en",
    "x-cauris-path": "/sign-in",
    "x-cauris-address": "127.0.0.1",
  }),
  withQuery("_rsc=1"),
  withQuery("__nextLocale=en&nxtPlocale=en&__nextDataReq=1"),
];

/** What proxies in front are told, and what they tell. */
const PROXIES: readonly Bend[] = [
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
  withHeaders("X-Forwarded-User", (_asked, { userId }) => ({
    "x-forwarded-user": userId,
    "x-user-id": userId,
    "x-remote-user": userId,
    "x-authenticated-userid": userId,
  })),
  withHeaders("Host of somebody else", { host: "evil.example" }),
  withHeaders("Host with a user", (_asked, { host }) => ({ host: `owner@${host}` })),
  withHeaders("Host 127.0.0.1", (_asked, { host }) => ({ host: host.replace("localhost", "127.0.0.1") })),
  {
    name: "absolute target",
    bend: (asked, { host }) => ({ ...asked, target: `http://${host}${asked.target}` }),
  },
  {
    name: "absolute target elsewhere",
    bend: (asked) => ({ ...asked, target: `http://evil.example${asked.target}` }),
  },
];

/** Other spellings of the address. */
const SPELLINGS: readonly Bend[] = [
  withPath("a slash behind", (path) => `${path}/`),
  withPath("two slashes in front", (path) => `/${path}`),
  withPath("two slashes inside", (path) => path.replace(/(.)\//, "$1//")),
  withPath("a dot segment in front", (path) => `/.${path}`),
  withPath("a dot segment inside", (path) => path.replace(/\/([^/]+)$/, "/./$1")),
  withPath("out of a public folder", (path) => `/sign-in/..${path}`),
  withPath("out of a public folder, encoded", (path) => `/sign-in/%2e%2e${path}`),
  withPath("out of the static files", (path) => `/_next/static/..${path}`),
  withPath("out of the API's documents", (path) => `/api/docs/../..${path}`),
  withPath("an encoded slash", (path) => path.replace(/(.)\/([^/]*)$/, "$1%2f$2")),
  withPath("a backslash", (path) => path.replace(/(.)\/([^/]*)$/, "$1\\$2")),
  withPath("an encoded letter", (path) => lastLetter(path, percent)),
  withPath("a letter encoded twice", (path) =>
    lastLetter(path, (letter) => `%25${percent(letter).slice(1)}`),
  ),
  withPath("in upper case", (path) => path.toUpperCase()),
  withPath("one letter in upper case", (path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase())),
  withPath("a matrix parameter", (path) => `${path};a=b`),
  withPath("a matrix parameter in front", (path) => `/;a=b${path}`),
  withPath("a null byte", (path) => `${path}%00`),
  withPath("a null byte and an ending", (path) => `${path}%00.css`),
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

const METHODS: readonly Bend[] = [
  withMethod("HEAD for GET", ["GET"], "HEAD"),
  withMethod("POST for GET", ["GET"], "POST"),
  withMethod("GET for POST", ["POST"], "GET"),
  withMethod("PUT", ["GET", "POST"], "PUT"),
  withMethod("DELETE", ["GET", "POST"], "DELETE"),
  withMethod("OPTIONS", ["GET", "POST"], "OPTIONS", { "access-control-request-method": "GET" }),
  withMethod("TRACE", ["GET", "POST"], "TRACE"),
  withMethod("an overridden method", ["GET"], "POST", {
    "x-http-method-override": "GET",
    "x-method-override": "GET",
  }),
  withQuery("_method=GET"),
];

const CONTENTS: readonly Bend[] = [
  withHeaders("as text", ({ body }) => (body === undefined ? {} : { "content-type": "text/plain" })),
  withHeaders("as a form", ({ body }) =>
    body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
  ),
  withHeaders("with another page's action", (_asked, { actionId }) => ({ "next-action": actionId })),
  {
    name: "posted with another page's action",
    bend: (asked, { actionId, host }) => ({
      ...asked,
      method: "POST",
      headers: {
        ...asked.headers,
        "next-action": actionId,
        origin: `http://${host}`,
        "content-type": "text/plain;charset=UTF-8",
      },
      body: Buffer.from("[]"),
    }),
  },
  withQuery("token=x&access_token=x&api_key=x&userId=1&user_id=1&sid=1"),
];

export const BENDS: readonly Bend[] = [...INSIDE_NEXT, ...PROXIES, ...SPELLINGS, ...METHODS, ...CONTENTS];
