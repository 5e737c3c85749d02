// Other forms of a request, sent to get around a check. Each is named by what it sends; `{path}` and the like are filled in.
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

/** The changed request; null where the variant doesn't apply. */
export type Variant = (request: HttpRequest, target: Target) => HttpRequest | null;
export type Variants = Readonly<Record<string, Variant>>;

/** Variants of the lines of a table, each under its line. */
function tableOf(lines: string, toVariant: (line: string) => Variant): Variants {
  const rows = lines.trim().split(/\n\s*/);
  return Object.fromEntries(rows.map((line) => [line, toVariant(line)]));
}

function fill(template: string, { target, headers }: HttpRequest, known: Target): string {
  const own = [headers.cookie ?? []].flat().map((cookie) => `${cookie}; `);
  const values = { ...known, path: target.split("?", 1)[0] ?? "/", cookie: own.join("") };
  return template.replace(/\{(\w+)\}/g, (all, name: string) => values[name as keyof typeof values] ?? all);
}

/** Header lines, several separated by a bar. */
const withHeaders =
  (line: string): Variant =>
  (request, target) => {
    const added = line.split(" | ").map((header) => fill(header, request, target).split(": ", 2));
    return { ...request, headers: { ...request.headers, ...Object.fromEntries(added) } };
  };

/** Another path; the query stays. */
const withPath =
  (change: (path: string, request: HttpRequest, target: Target) => string): Variant =>
  (request, target) => {
    const [path = "/", query] = request.target.split("?", 2);
    const changed = change(path, request, target);
    if (changed === path) return null;
    return { ...request, target: query === undefined ? changed : `${changed}?${query}` };
  };

const withQuery =
  (query: string): Variant =>
  (request) => ({
    ...request,
    target: `${request.target}${request.target.includes("?") ? "&" : "?"}${query}`,
  });

/** `GET > POST`, and after a bar header lines. */
const withMethod =
  (line: string): Variant =>
  (request, target) => {
    const [, from = "", method = "", headers] = /^(\S+) > (\S+)(?: \| (.+))?$/.exec(line) ?? [];
    if (!from.split("/").includes(request.method)) return null;
    const { body, ...rest } =
      headers === undefined ? request : (withHeaders(headers)(request, target) ?? request);
    return /^(GET|HEAD)$/.test(method) || body === undefined
      ? { ...rest, method }
      : { ...rest, method, body };
  };

/** Headers that Next and this app send to themselves, and headers to and from reverse proxies: a client can forge them. */
export const HEADER_VARIANTS = tableOf(
  `
  x-middleware-subrequest: middleware
  x-middleware-subrequest: src/middleware
  x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware
  x-middleware-subrequest: src/middleware:src/middleware:src/middleware:src/middleware:src/middleware
  x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy
  x-middleware-subrequest: pages/_middleware
  x-middleware-next: 1 | x-middleware-skip: 1
  x-middleware-rewrite: /wallet | x-middleware-invoke: 1
  x-middleware-override-headers: cookie,authorization | x-middleware-request-x-next-intl-locale: fr
  x-nextjs-data: 1
  rsc: 1
  rsc: 1 | next-router-prefetch: 1
  rsc: 1 | next-router-prefetch: 1 | next-router-segment-prefetch: /_tree
  rsc: 1 | next-router-state-tree: %5B%22%22%2C%7B%22children%22%3A%5B%22wallet%22%5D%7D%5D | next-url: {path}
  x-prerender-revalidate: 1 | x-prerender-revalidate-if-generated: 1
  next-resume: 1 | x-nextjs-postponed: 1
  x-action-forwarded: 1
  x-next-intl-locale: en | x-cauris-path: /sign-in | x-cauris-address: 127.0.0.1
  x-matched-path: {path} | x-invoke-path: {path} | x-invoke-output: {path} | x-invoke-status: 200
  cookie: {cookie}__prerender_bypass=1; __next_preview_data=1
  next-action: {actionId}
  x-original-url: / | x-rewrite-url: /
  x-original-url: /sign-in | x-rewrite-url: /sign-in
  x-forwarded-host: evil.example
  x-forwarded-proto: https | x-forwarded-port: 443
  x-forwarded-for: 127.0.0.1 | x-real-ip: 127.0.0.1 | forwarded: for=127.0.0.1;host=evil.example
  x-forwarded-user: {userId} | x-user-id: {userId} | x-remote-user: {userId} | x-authenticated-userid: {userId}
  host: evil.example
  host: owner@{host}
  host: 127.0.0.1
  content-type: text/plain
  content-type: application/x-www-form-urlencoded
  `,
  withHeaders,
);

const changeLastLetter = (path: string, change: (letter: string) => string) =>
  path.replace(/[a-z](?=[^a-z]*$)/i, (letter) => change(letter));
const percent = (letter: string) => letter.charCodeAt(0).toString(16);

/** Other spellings of the address, which routing and access control may understand differently. */
export const ADDRESS_VARIANTS: Variants = {
  ...tableOf(
    `
    {path}/
    /{path}
    /.{path}
    /sign-in/..{path}
    /sign-in/%2e%2e{path}
    /_next/static/..{path}
    /api/docs/../..{path}
    {path};a=b
    /;a=b{path}
    {path}%00
    {path}%00.css
    {path}.css
    {path}.rsc
    {path}.json
    {path}.segments/_tree.segment.rsc
    /_next/data/{buildId}{path}.json
    /fr{path}
    /en{path}
    /en/en{path}
    /fr/en{path}
    /de{path}
    {path}#/sign-in
    http://{host}{path}
    http://evil.example{path}
    `,
    (template) => withPath((_path, request, target) => fill(template, request, target)),
  ),
  ...tableOf(
    `
    _rsc=1
    __nextLocale=en&nxtPlocale=en&__nextDataReq=1
    _method=GET
    token=x&access_token=x&api_key=x&userId=1&user_id=1&sid=1
    `,
    withQuery,
  ),
  "two slashes inside": withPath((path) => path.replace(/(.)\//, "$1//")),
  "a dot segment inside": withPath((path) => path.replace(/\/([^/]+)$/, "/./$1")),
  "an encoded slash": withPath((path) => path.replace(/(.)\/([^/]*)$/, "$1%2f$2")),
  "a backslash": withPath((path) => path.replace(/(.)\/([^/]*)$/, "$1\\$2")),
  "an encoded letter": withPath((path) => changeLastLetter(path, (letter) => `%${percent(letter)}`)),
  "a letter encoded twice": withPath((path) => changeLastLetter(path, (letter) => `%25${percent(letter)}`)),
  "in upper case": withPath((path) => path.toUpperCase()),
  "one letter in upper case": withPath((path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase())),
};

export const METHOD_VARIANTS: Variants = {
  ...tableOf(
    `
    GET > HEAD
    GET > POST
    POST > GET
    GET/POST > PUT
    GET/POST > DELETE
    GET/POST > OPTIONS | access-control-request-method: GET
    GET/POST > TRACE
    GET > POST | x-http-method-override: GET | x-method-override: GET
    `,
    withMethod,
  ),
  "posted with another page's action": (request, target) => {
    const headers = `next-action: ${target.actionId} | origin: http://{host} | content-type: text/plain;charset=UTF-8`;
    const changed = withHeaders(headers)(request, target);
    return changed && { ...changed, method: "POST", body: Buffer.from("[]") };
  },
};

/** Known ways around access control, applied to a request that is refused: the changed request must be refused too. */
export const BYPASS_VARIANTS: Variants = { ...HEADER_VARIANTS, ...ADDRESS_VARIANTS, ...METHOD_VARIANTS };

/** Cross-site request forgery: a server action that another site's page sends with its reader's cookie. */
export const CROSS_SITE_VARIANTS: Variants = {
  ...tableOf(
    `
    origin: https://evil.example
    origin: https://evil.example | x-forwarded-host: evil.example
    origin: http://evil.example | host: evil.example
    origin: null
    origin: http://localhost:1
    origin: http://localhost.evil.example
    origin: https://evil.example | sec-fetch-site: same-origin
    `,
    withHeaders,
  ),
  ...tableOf(
    `
    sec-fetch-site: cross-site
    sec-fetch-site: same-site
    sec-fetch-site: none
    `,
    (line) => (request, target) => withHeaders(line)(withoutOrigin(request), target),
  ),
  "without an origin": withoutOrigin,
};

function withoutOrigin(request: HttpRequest): HttpRequest {
  const { origin: _own, ...headers } = request.headers;
  return { ...request, headers };
}

/** Names of all headers that variants send. */
export const HEADER_NAMES: readonly string[] = Object.keys(HEADER_VARIANTS).flatMap((line) =>
  line.split(" | ").map((header) => header.split(":", 1)[0] ?? ""),
);
