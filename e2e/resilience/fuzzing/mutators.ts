import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Random } from "../random";
import {
  ADDRESS_VARIANTS,
  CROSS_SITE_VARIANTS,
  HEADER_VARIANTS,
  METHOD_VARIANTS,
  type Variants,
} from "../requests/variants";
import { applyVariant, bytesOf, type Draft, type Family, FRAMINGS } from "./draft";
import { FIELD_MUTATORS, type Mutator, type Mutators } from "./mutate-fields";
import { draw } from "./schema-arbitrary";

/** One of access control's bypass variants. */
const oneOf =
  (variants: Variants): Mutator =>
  (draft, random, { target }) =>
    applyVariant(draft, random.pick(Object.values(variants)), target);

function setBytes(draft: Draft, change: (bytes: Buffer) => Buffer): void {
  const { bytes, type } = bytesOf(draft.content);
  draft.content = { kind: "bytes", bytes: change(bytes), type: type === "" ? "application/json" : type };
}

const HUGE_BYTES = [70_000, 300_000, 1_200_000, 3_000_000];
const BOMB_BYTES = 2_000_000;

const encoded: Mutator = (draft, random) => {
  const name = random.pick(["gzip", "deflate", "br", "identity", "nonsense", "gzip, gzip"]);
  const bomb = random.chance(0.3) ? Buffer.alloc(BOMB_BYTES) : null;
  const encode = { deflate: deflateSync, br: brotliCompressSync }[name] ?? gzipSync;
  setBytes(draft, (bytes) => encode(bomb ?? bytes));
  draft.headers["content-encoding"] = name;
};

const CONTENT_TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary="; x',
  "multipart/mixed; boundary=x",
  "application/json; charset=utf-16",
  "application/json; charset=ISO-8859-1",
  "application/xml",
  "application/octet-stream",
  "text/plain;charset=UTF-8",
  "",
  ";",
  "a".repeat(3_000),
];

const OTHER_BODIES = ["", ...'{ [] null 0 "x" a=1&amount=2 <a/> \ufeff{} {}{} \u0000 [1,2 NaN'.split(" ")];

/** Mutators of whole bodies. */
const BODY_MUTATORS: Mutators = {
  flipped: (draft, random) =>
    setBytes(draft, (bytes) => {
      const copy = Buffer.from(bytes);
      for (let turn = random.int(1, 8); turn > 0 && copy.length > 0; turn -= 1)
        copy[random.int(0, copy.length - 1)] = random.int(0, 255);
      return copy;
    }),
  cut: (draft, random) => setBytes(draft, (bytes) => bytes.subarray(0, random.int(0, bytes.length))),
  huge: (draft, random) => {
    const filler = Buffer.alloc(random.pick(HUGE_BYTES), random.pick([" ", "a", "\u0000"]));
    setBytes(draft, (bytes) => Buffer.concat([bytes, filler]));
  },
  encoded,
  "content type": (draft, random) => {
    draft.headers["content-type"] = random.pick(CONTENT_TYPES);
  },
  "other body": (draft, random) => {
    const bytes = Buffer.from(random.pick(OTHER_BODIES), random.chance(0.2) ? "utf16le" : "utf8");
    const type = random.pick(["application/json", ...CONTENT_TYPES.slice(0, 3)]);
    draft.content = { kind: "bytes", bytes, type };
  },
};

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const CLAIMS = base64({ sub: "1", sid: "1", iss: "x", aud: "x", exp: 9_999_999_999 });
const TOKENS = [
  ..."x a.b.c .. null".split(" "),
  `${base64({ alg: "none" })}.${CLAIMS}.`,
  `${base64({ alg: "HS256", typ: "JWT" })}.${CLAIMS}.AAAA`,
  `${base64({ alg: "HS256", kid: "../../etc/passwd" })}.${CLAIMS}.AAAA`,
  `${base64({ alg: "RS256", jku: "http://evil.example" })}.${CLAIMS}.AAAA`,
  `${base64({ alg: "dir", enc: "A256CBC-HS512" })}....`,
  `${"A".repeat(6_000)}.${"B".repeat(4_000)}.C`,
];

const CREDENTIALS = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("Bearer ", "bearer ", "Basic ", "Bearer  ", "", "Digest username="),
      fc.constantFrom(...TOKENS),
    )
    .map((parts) => parts.join("")),
  fc.constantFrom("", "sk_live_", `sk_live_${"0".repeat(64)}`, "a, b", "k".repeat(5_000)),
  fc
    .tuple(
      fc.constantFrom("cauris.session", "cauris.csrf", "NEXT_LOCALE", "theme", "__proto__", ""),
      fc.constantFrom(...TOKENS, "%", "%ff", "{}", '"'),
    )
    .map(([name, value]) => `${name}=${value};;=`),
);

/** Headers that Next, proxies, HTTP and this app interpret. */
const NAMES = [
  ..."authorization x-api-key cookie idempotency-key x-request-id x-signature origin host".split(" "),
  ..."x-forwarded-host x-forwarded-proto x-forwarded-for x-forwarded-port forwarded x-real-ip".split(" "),
  ..."rsc next-router-prefetch next-router-state-tree next-router-segment-prefetch next-hmr-refresh".split(
    " ",
  ),
  ..."next-url next-action next-resume x-next-resume-state-length x-action-revalidated".split(" "),
  ..."x-middleware-prefetch x-nextjs-data x-matched-path x-now-route-matches x-prerender-revalidate".split(
    " ",
  ),
  ..."x-invoke-path x-invoke-status x-invoke-error x-invoke-query x-invoke-output".split(" "),
  ..."x-next-intl-locale x-cauris-locale x-cauris-path x-cauris-address".split(" "),
  ..."content-security-policy traceparent range if-none-match if-modified-since purpose te".split(" "),
  ..."accept accept-language accept-encoding expect upgrade x-http-method-override".split(" "),
];

const VALUES = fc.oneof(
  fc.constantFrom(
    ..." 1 2 5 500 x xx - * % %7B %5B%5D {} [] null toString garbage prefetch websocket DELETE \u00e9 \u00ff".split(
      " ",
    ),
    ..."/_tree /wallet /../x ../../en //evil.example evil.example localhost [::1 http:// http://[ file://".split(
      " ",
    ),
    ..."text/x-component 100-continue 200-nonsense 1=en [[],1,0] 00-x 198.51.100.1 */*;q=x,,".split(" "),
    ..."bytes=0-1,3-99999999999 %5B%22%22%2C%7B%7D%2Cnull%2C%22refetch%22%5D".split(" "),
    ...["a b", "br;q=0, *;q=nonsense", "*;q=2, \u00e9", "trailers, chunked", "'nonce-<x>'", "localhost, b"],
    ...["xx-".repeat(500), "a".repeat(255), "a".repeat(256), "x".repeat(2_000)],
  ),
  fc.string({ maxLength: 60 }),
);

const setHeader = (draft: Draft, name: string, value: string): void => {
  draft.headers[name] = value;
  if (name === "upgrade") draft.headers.connection = "Upgrade";
};

/** Mutators of headers. */
const HEADER_MUTATORS: Mutators = {
  "odd header": (draft, random) => setHeader(draft, random.pick(NAMES), draw(VALUES, random)),
  "odd credential": (draft, random) => {
    const name = random.pick(["authorization", "x-api-key", "cookie"]);
    if (name === "x-api-key") delete draft.headers.authorization;
    setHeader(draft, name, draw(CREDENTIALS, random));
  },
  "forged header": oneOf({ ...HEADER_VARIANTS, ...CROSS_SITE_VARIANTS }),
  "action of another page": (draft, random, { build }) =>
    setHeader(draft, "next-action", random.pick(build.actions).id),
  "repeated header": (draft, random) => {
    const name = random.pick([...NAMES, "content-type"]);
    const more = random.pick(["a", "", "application/json", "http://evil.example"]);
    draft.headers[name] = [draft.headers[name] ?? [], more, "b"].flat();
  },
  "huge header": (draft, random) => {
    if (random.chance(0.5)) setHeader(draft, "x-filler", "f".repeat(random.pick([4_000, 12_000, 70_000])));
    else
      for (let count = random.pick([100, 900, 2_100]); count > 0; count -= 1)
        setHeader(draft, `x-${count}`, "1");
  },
};

const ESCAPES =
  "% %2 %zz %00 %0d%0aX:y %E0%A4%A %c0%ae%c0%ae %ff %2e%2e%2f %5c %252e %F0%9F%92%B8 %ED%A0%80".split(" ");
const TRAVERSALS = "/../ /..;/ // /./ /..%2f..%2f \\..\\ /.env /.git/config ;a=b".split(" ");
const PREFIXES = "/EN /xx /_next /_next/data/x /api /%65n https://x:y@z".split(" ");
const LONG_ENDS = [
  "/a".repeat(800),
  `/${"x".repeat(7_000)}`,
  `?${"a=1&".repeat(1_000)}`,
  `?q=${"%41".repeat(2_000)}`,
];
const QUERIES =
  "nxtPreference=x locale=en a[]=1&a[0]=2 =&=& next=//evil.example error=x&error=y __flight__=1 &&& amount=%00";

function insert(text: string, random: Random, piece: string): string {
  const at = random.int(1, text.length);
  return text.slice(0, at) + piece + text.slice(at);
}

/** Mutators of paths and queries. */
const ADDRESS_MUTATORS: Mutators = {
  "other spelling": oneOf(ADDRESS_VARIANTS),
  escape: (draft, random) => {
    draft.target = insert(draft.target, random, random.pick([...ESCAPES, ...TRAVERSALS]));
  },
  prefix: (draft, random) => {
    draft.target = random.pick(PREFIXES) + draft.target;
  },
  "long address": (draft, random) => {
    draft.target += random.pick(LONG_ENDS);
  },
  query: (draft, random) => {
    draft.target += `${draft.target.includes("?") ? "&" : "?"}${random.pick(QUERIES.split(" "))}`;
  },
  asterisk: (draft) => {
    draft.target = "*";
  },
};

const METHODS =
  "GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND PURGE SEARCH get Post BREW M-SEARCH LINK GET\t";

const METHOD_MUTATORS: Mutators = {
  method: (draft, random) => {
    draft.method = random.pick(METHODS.split(" "));
  },
  "other method": oneOf(METHOD_VARIANTS),
};

const FRAMING_MUTATORS: Mutators = Object.fromEntries(
  FRAMINGS.map((framing): [string, Mutator] => [
    framing,
    (draft) => {
      if (draft.content.kind === "none")
        draft.content = { kind: "bytes", bytes: Buffer.from("{}"), type: "application/json" };
      draft.framing = framing;
    },
  ]),
);

/** By family, with weights: values of fields, which endpoints interpret, most of all. */
export const MUTATORS: Readonly<Record<Family, { weight: number; mutators: Mutators }>> = {
  fields: { weight: 40, mutators: FIELD_MUTATORS },
  bodies: { weight: 14, mutators: BODY_MUTATORS },
  headers: { weight: 22, mutators: HEADER_MUTATORS },
  addresses: { weight: 14, mutators: ADDRESS_MUTATORS },
  methods: { weight: 4, mutators: METHOD_MUTATORS },
  framings: { weight: 4, mutators: FRAMING_MUTATORS },
};
