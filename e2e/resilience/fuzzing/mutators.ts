import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Random } from "../random";
import type { HttpRequest } from "../requests/http";
import {
  ADDRESS_VARIANTS,
  CROSS_SITE_VARIANTS,
  HEADER_NAMES,
  HEADER_VARIANTS,
  METHOD_VARIANTS,
  type Variants,
} from "../requests/variants";
import { type Draft, type Family, FRAMINGS } from "./draft";
import { encodeLoosely } from "./field-mutators";
import { nestedJson, oddText } from "./odd-values";
import { draw } from "./schema-arbitrary";
import type { World } from "./world";

/** Changes one thing in the request of a draft. */
type Mutator = (request: HttpRequest, random: Random, world: World, draft: Draft) => void;
type Mutators = Readonly<Record<string, Mutator>>;

const words = (text: string) => text.trim().split(/\s+/);

/** One of access control's bypass variants. */
const oneOf =
  (variants: Variants): Mutator =>
  (request, random, { target }) => {
    const changed = random.pick(Object.values(variants))(request, target);
    if (changed !== null && changed.body === undefined) delete request.body;
    Object.assign(request, changed);
  };

function setBody(request: HttpRequest, body: Buffer): void {
  request.body = body;
  request.headers["content-type"] ??= "application/json";
}

/** Changes the body's bytes. */
const bytes =
  (change: (body: Buffer, random: Random) => Buffer): Mutator =>
  (request, random) =>
    setBody(request, change(request.body ?? Buffer.alloc(0), random));

const HUGE_BYTES = [70_000, 300_000, 1_200_000, 3_000_000];
const BOMB_BYTES = 2_000_000;
const OTHER_BODIES = ["", ...words('{ [] null 0 "x" a=1&amount=2 <a/> \ufeff{} {}{} [1,2 NaN'), "\u0000"];
const CONTENT_TYPES = [
  ...words("text/plain application/x-www-form-urlencoded multipart/form-data application/xml ;"),
  ...["multipart/form-data; boundary=", 'multipart/form-data; boundary="; x', "multipart/mixed; boundary=x"],
  ...["application/json; charset=utf-16", "application/json; charset=ISO-8859-1", "text/plain;charset=UTF-8"],
  ...["application/octet-stream", "", "a".repeat(3_000)],
];
const REACT_NAMES = words("$ACTION_REF_1 $ACTION_REF_2 $ACTION_1:0 $ACTION_KEY 0 1");
const REACT_VALUES = words(`
  {} [] [null] ["$K1"] ["$undefined","$undefined"] [null,"$K9"] ["$F1"] ["$h1"] ["$T"] ["$@1"] ["$1:constructor:constructor"]
  [null,"$1:__proto__:then"] {"then":"$1:then"} ["$Q1"] ["$W1"] ["$i1"] ["$n99999999999999999999999999"] ["$D2020-99-99"]
  ["$B1"] ["$o1"] ["$r1"] [ null $ {"id":"7f","bound":"$@1"} {"id":"toString","bound":null}`);

/** Mutators of whole bodies. */
const BODY_MUTATORS: Mutators = {
  flipped: bytes((body, random) => {
    const copy = Buffer.from(body);
    for (let turn = random.int(1, 8); turn > 0 && copy.length > 0; turn -= 1)
      copy[random.int(0, copy.length - 1)] = random.int(0, 255);
    return copy;
  }),
  cut: bytes((body, random) => body.subarray(0, random.int(0, body.length))),
  huge: bytes((body, random) =>
    Buffer.concat([body, Buffer.alloc(random.pick(HUGE_BYTES), random.pick([" ", "a", "\u0000"]))]),
  ),
  "key twice": bytes((body, random) => {
    const value = random.pick(["1", "null", '"x"', "[]"]);
    return Buffer.from(body.toString("latin1").replace(/^\{("\w+":)/, `{$1${value},$1`), "latin1");
  }),
  nesting: bytes((body, random) => Buffer.from(body.length === 0 ? "{}" : nestedJson(random))),
  encoded: (request, random) => {
    const name = random.pick(["gzip", "deflate", "br", "identity", "nonsense", "gzip, gzip"]);
    const bomb = random.chance(0.3) ? Buffer.alloc(BOMB_BYTES) : null;
    const encode = { deflate: deflateSync, br: brotliCompressSync }[name] ?? gzipSync;
    setBody(request, encode(bomb ?? request.body ?? Buffer.alloc(0)));
    request.headers["content-encoding"] = name;
  },
  "content type": ({ headers }, random) => {
    headers["content-type"] = random.pick(CONTENT_TYPES);
  },
  "other body": (request, random) => {
    request.headers["content-type"] = random.pick(["application/json", ...CONTENT_TYPES.slice(0, 3)]);
    setBody(request, Buffer.from(random.pick(OTHER_BODIES), random.chance(0.2) ? "utf16le" : "utf8"));
  },
  // The fields by which React finds the action and its arguments: one is changed, or another one added.
  react: (request, random, { build }) => {
    const [begin = ""] = /^--\S+\r\n/.exec(request.body?.toString("latin1") ?? "") ?? [];
    const { id } = random.pick(build.actions);
    const value = random.pick(["", ...REACT_VALUES, JSON.stringify({ id, bound: "$@1" })]);
    const text = request.body?.toString("latin1") ?? "";
    const own = /(name="(?:\$ACTION[^"]*|0)"\r\n\r\n)[^\r]*/;
    const name = random.pick([`$ACTION_ID_${random.chance(0.5) ? id : random.hex(21)}`, ...REACT_NAMES]);
    const added = `${begin}Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const changed =
      random.chance(0.7) && own.test(text)
        ? text.replace(own, (_all, head: string) => head + value)
        : added + text;
    if (begin !== "") setBody(request, Buffer.from(changed, "latin1"));
  },
};

/** Headers that HTTP, Next, proxies and this app interpret. */
const NAMES = [
  ...words(
    "authorization x-api-key cookie idempotency-key x-request-id x-signature x-cauris-locale traceparent",
  ),
  ...words("range if-none-match if-modified-since te accept accept-language accept-encoding expect upgrade"),
  ...HEADER_NAMES,
];

function setHeader({ headers }: HttpRequest, name: string, value: string): void {
  headers[name] = value;
  if (name === "upgrade") headers.connection = "Upgrade";
}

/** Odd text as a client can send it in a request line or a header: in one line. */
const oddLine = (random: Random) => draw(oddText, random).replace(/[\r\n]/g, " ");

const HEADER_MUTATORS: Mutators = {
  "odd header": (request, random) => setHeader(request, random.pick(NAMES), oddLine(random)),
  "odd token": (request, random) => setHeader(request, "authorization", `Bearer ${oddLine(random)}`),
  "forged header": oneOf({ ...HEADER_VARIANTS, ...CROSS_SITE_VARIANTS }),
  "action of another page": (request, random, { build }) =>
    setHeader(request, "next-action", random.pick(build.actions).id),
  "repeated header": ({ headers }, random) => {
    const name = random.pick([...NAMES, "content-type"]);
    headers[name] = [headers[name] ?? [], oddLine(random), "b"].flat();
  },
  "huge header": (request, random) =>
    setHeader(request, "x-filler", "f".repeat(random.pick([4_000, 12_000, 70_000]))),
  "many headers": (request, random) => {
    for (let count = random.pick([100, 900, 1_300, 2_100, 9_000]); count > 0; count -= 1)
      setHeader(request, `x-${count}`, "1");
  },
};

/** Escapes and traversals that random text doesn't hit. */
const PIECES = words(`
  % %2 %zz %00 %0d%0aX:y %E0%A4%A %c0%ae%c0%ae %ff %2e%2e%2f %5c %252e %F0%9F%92%B8 %ED%A0%80
  /../ /..;/ // /./ /..%2f..%2f \\..\\ /.env /.git/config /_next/data/x /api ;a=b ?a[]=1&a[0]=2 ?=&=& ?next=//evil.example`);

/** Changes the target. */
const target =
  (change: (target: string, random: Random) => string): Mutator =>
  (request, random) => {
    request.target = change(request.target, random);
  };

const ADDRESS_MUTATORS: Mutators = {
  "other spelling": oneOf(ADDRESS_VARIANTS),
  piece: target((text, random) => {
    const at = random.int(0, text.length);
    return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
  }),
  "odd text": target((text, random) => text + encodeLoosely(draw(oddText, random))),
  "long address": target((text, random) => {
    const [piece, count] = random.pick([
      ["/a", 800],
      ["x", 7_000],
      ["?a=1&", 1_000],
      ["%41", 2_000],
    ] as const);
    return text + piece.repeat(count);
  }),
  asterisk: target(() => "*"),
};

const METHODS = words("PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND PURGE SEARCH get Post BREW LINK");

const METHOD_MUTATORS: Mutators = {
  method: (request, random) => {
    request.method = random.pick([...METHODS, "GET\t"]);
  },
  "other method": oneOf(METHOD_VARIANTS),
};

const framed = FRAMINGS.map((framing): [string, Mutator] => [
  framing,
  (request, _random, _world, draft) => {
    setBody(request, request.body ?? Buffer.from("{}"));
    draft.framing = framing;
  },
]);

/** Mutators of the request as a whole, by family. */
export const MUTATORS: Readonly<Record<Exclude<Family, "fields">, Mutators>> = {
  bodies: BODY_MUTATORS,
  headers: HEADER_MUTATORS,
  addresses: ADDRESS_MUTATORS,
  methods: METHOD_MUTATORS,
  framings: Object.fromEntries(framed),
};

/** Values of fields, which endpoints interpret, are mutated most of all. */
export const WEIGHTS: Readonly<Record<Family, number>> = {
  ...{ fields: 40, bodies: 14, headers: 22, addresses: 14, methods: 4, framings: 4 },
};
