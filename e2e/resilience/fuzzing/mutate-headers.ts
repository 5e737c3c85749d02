import type { Random } from "../random";
import { setHeader } from "./draft";
import type { Mutator } from "./mutate-fields";

const BASE64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function oddToken(random: Random): string {
  const claims = BASE64({ sub: "1", sid: "1", iss: "x", aud: "x", exp: 9_999_999_999 });
  return random.pick([
    "x",
    "a.b.c",
    "..",
    `${BASE64({ alg: "none" })}.${claims}.`,
    `${BASE64({ alg: "HS256", typ: "JWT" })}.${claims}.${random.hex(32)}`,
    `${BASE64({ alg: "HS256", kid: "../../etc/passwd" })}.${claims}.AAAA`,
    `${BASE64({ alg: "RS256", jku: "http://evil.example" })}.${claims}.AAAA`,
    `${"A".repeat(6_000)}.${"B".repeat(4_000)}.C`,
    "\u00e9\u00ff",
    "null",
  ]);
}

const bearer: Mutator = (draft, random) => {
  const scheme = random.pick(["Bearer ", "bearer ", "Basic ", "Bearer  ", "", "Digest username="]);
  setHeader(draft, "Authorization", `${scheme}${oddToken(random)}`);
};

const apiKey: Mutator = (draft, random) => {
  draft.headers = draft.headers.filter(([name]) => name.toLowerCase() !== "authorization");
  setHeader(
    draft,
    "X-API-Key",
    random.pick(["", "sk_live_", `sk_live_${random.hex(32)}`, "k".repeat(5_000), "\u00ff", "a, b"]),
  );
};

const cookie: Mutator = (draft, random) => {
  const names = [
    "cauris.session",
    "cauris.csrf",
    "cauris.state",
    "NEXT_LOCALE",
    "theme",
    "balance",
    "__proto__",
    "",
  ];
  const values = [
    "",
    "x",
    `${BASE64({ alg: "dir", enc: "A256CBC-HS512" })}....`,
    "%",
    "%ff",
    "a".repeat(4_000),
    '"',
    "\u00e9",
    "{}",
  ];
  setHeader(
    draft,
    "Cookie",
    `${random.pick(names)}=${random.pick(values)}; ${random.pick(names)}=${random.pick(values)};;=`,
  );
};

const idempotencyKey: Mutator = (draft, random) =>
  setHeader(
    draft,
    "Idempotency-Key",
    random.pick(["", " ", "a".repeat(255), "a".repeat(256), "\u00e9", "a b", "../x", "0", "{}"]),
  );

/** Headers that Next, proxies and frameworks interpret. */
const INTERNAL_HEADERS: readonly [string, string][] = [
  ["RSC", "1"],
  ["Next-Router-Prefetch", "1"],
  ["Next-Router-Prefetch", "2"],
  ["Next-Router-State-Tree", "garbage"],
  ["Next-Router-State-Tree", "%5B%5D"],
  ["Next-Router-State-Tree", "%"],
  ["Next-Router-State-Tree", "%5B%22%22%2C%7B%7D%2Cnull%2C%22refetch%22%5D"],
  ["Next-Router-Segment-Prefetch", "/_tree"],
  ["Next-Router-Segment-Prefetch", "/../x"],
  ["Next-HMR-Refresh", "1"],
  ["Next-URL", "/../../wallet"],
  ["Next-Action", "x"],
  ["Next-Action", "toString"],
  ["X-Action-Forwarded", "1"],
  ["X-Action-Revalidated", "[[],1,0]"],
  ["x-middleware-subrequest", "proxy:proxy:proxy:proxy:proxy"],
  ["x-middleware-subrequest", "src/middleware:src/middleware:src/middleware"],
  ["x-middleware-rewrite", "/wallet"],
  ["x-middleware-override-headers", "cookie"],
  ["x-middleware-next", "1"],
  ["x-middleware-invoke", "1"],
  ["x-middleware-prefetch", "1"],
  ["x-nextjs-data", "1"],
  ["x-matched-path", "/wallet"],
  ["x-now-route-matches", "1=en"],
  ["x-invoke-path", "/wallet"],
  ["x-invoke-status", "500"],
  ["x-invoke-error", "{}"],
  ["x-invoke-query", "%7B"],
  ["x-invoke-output", "/wallet"],
  ["x-prerender-revalidate", "x"],
  ["x-prerender-revalidate-if-generated", "1"],
  ["next-resume", "1"],
  ["x-next-resume-state-length", "5"],
  ["x-next-intl-locale", "../../en"],
  ["x-cauris-locale", "xx"],
  ["x-cauris-path", "//evil.example"],
  ["x-request-id", "stranger"],
  ["x-cauris-address", "198.51.100.1"],
  ["x-http-method-override", "DELETE"],
  ["Content-Security-Policy", "script-src 'none' 'nonce-<x>'"],
  ["traceparent", "00-x"],
  ["range", "bytes=0-1,3-99999999999"],
  ["if-none-match", "*"],
  ["if-modified-since", "never"],
  ["accept", "text/x-component"],
  ["accept", "*/*;q=x,,"],
  ["accept-language", "xx-".repeat(500)],
  ["accept-language", "*;q=2, \u00e9"],
  ["accept-encoding", "br;q=0, *;q=nonsense"],
  ["purpose", "prefetch"],
  ["expect", "100-continue"],
  ["expect", "200-nonsense"],
  ["upgrade", "websocket"],
  ["te", "trailers, chunked"],
];

const internalHeader: Mutator = (draft, random, { actionIds }) => {
  const [name, value] = random.chance(0.1)
    ? ["Next-Action", random.pick(actionIds)]
    : random.pick(INTERNAL_HEADERS);
  setHeader(draft, name, value);
  if (name === "upgrade") setHeader(draft, "Connection", "Upgrade");
};

const forwarded: Mutator = (draft, random, { host }) => {
  const hosts = [
    "evil.example",
    "",
    "localhost",
    `${host}.evil.example`,
    "a b",
    "[::1",
    "-",
    "x".repeat(2_000),
    "\u00e9",
    `${host}, b`,
  ];
  const name = random.pick(
    "Host X-Forwarded-Host X-Forwarded-Proto X-Forwarded-For Forwarded X-Real-IP X-Forwarded-Port".split(" "),
  );
  setHeader(draft, name, random.pick(hosts));
};

const origin: Mutator = (draft, random, { host }) => {
  const origins = [
    "null",
    "",
    "https://evil.example",
    `http://${host}.evil.example`,
    "x",
    "http://",
    "file://",
    "http://[",
    "\u00e9",
  ];
  setHeader(draft, "Origin", random.pick(origins));
};

const repeated: Mutator = (draft, random) => {
  const names =
    "Host Content-Type Authorization Cookie Origin Next-Action Idempotency-Key X-Signature X-Request-Id Accept".split(
      " ",
    );
  const name = random.pick(names);
  draft.headers.push([name, random.pick(["a", "", "application/json", "http://evil.example"])], [name, "b"]);
};

const hugeHeader: Mutator = (draft, random) => {
  if (random.chance(0.5)) setHeader(draft, "X-Filler", "f".repeat(random.pick([4_000, 12_000, 70_000])));
  else
    for (let count = random.pick([100, 900, 2_100]); count > 0; count -= 1)
      draft.headers.push([`X-${count}`, "1"]);
};

export const HEADER_MUTATORS: Readonly<Record<string, Mutator>> = {
  bearer,
  "API key": apiKey,
  cookie,
  "idempotency key": idempotencyKey,
  "internal header": internalHeader,
  forwarded,
  origin,
  repeated,
  "huge header": hugeHeader,
};
