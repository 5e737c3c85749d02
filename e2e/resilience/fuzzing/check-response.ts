import { ERROR_CODES } from "@/lib/errors";
import type { Draft } from "./draft";
import { ADDRESS_MUTATORS } from "./mutate-addresses";
import { FIELD_MUTATORS } from "./mutate-fields";
import { isResponse, type Reply, type WireResponse } from "./raw-connection";

/** What no response may reveal: stack traces, queries, paths of files, messages of errors. */
const INTERNALS: readonly [what: string, pattern: RegExp][] = [
  ["a stack trace", /^\s+at .+(?::\d+:\d+|\(native\)|<anonymous>)/m],
  [
    "a path of a source file",
    /(?:^|[^\w])(?:\/[\w.-]+)+\/(?:node_modules|lib|app|db)\/[\w./[\]-]+\.(?:ts|tsx|js|mjs)\b/,
  ],
  ["a path of a package", /node_modules/],
  [
    "an error's name",
    /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|PostgresError|InvariantError|ZodError|DrizzleQueryError)\b/,
  ],
  [
    "an error's message",
    /Cannot (?:read|set) propert|is not (?:a function|defined|iterable)|Unexpected (?:token|end of)|ECONNREFUSED|ENOENT|ETIMEDOUT/,
  ],
  [
    "a query",
    /\b(?:select .{1,400}? from|insert into \w+|update \w+ set|delete from \w|syntax error at or near|violates (?:unique|check|foreign|not-null)|invalid input syntax|duplicate key value|out of range for type)\b/is,
  ],
  ["the database's address", /postgres(?:ql)?:\/\//i],
];

/** Which internals a text reveals; null for none. */
export function internalsIn(text: string): string | null {
  return INTERNALS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** How an error response of the JSON API differs from its documentation; null if it doesn't. */
function problemOfError(response: WireResponse): string | null {
  if (!(response.headers.get("content-type") ?? "").includes("application/json")) return "it isn't JSON";
  let body: unknown;
  try {
    body = JSON.parse(response.body.toString());
  } catch {
    return "its JSON can't be read";
  }
  const { detail, code, request_id: requestId, fields, ...rest } = body as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return `it has undocumented ${Object.keys(rest).join(", ")}`;
  if (typeof detail !== "string" || detail === "") return "it has no detail";
  if (typeof code !== "string" || !CODES.has(code)) return `its code is ${String(code)}`;
  if (typeof requestId !== "string" || requestId !== response.headers.get("x-request-id"))
    return "its request id isn't the header's";
  return fields === undefined || Array.isArray(fields) ? null : "its fields are no list";
}

const ALWAYS_HEADERS = { "x-content-type-options": "nosniff" };
const APP_HEADERS = {
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

function missingHeader(response: WireResponse, wanted: Record<string, string>): string | null {
  const missing = Object.entries(wanted).find(([name, value]) => response.headers.get(name) !== value);
  return missing ? `${missing[0]} is ${response.headers.get(missing[0]) ?? "missing"}` : null;
}

/** True for what Node's HTTP parser refuses before the app sees it. */
function isBare(response: WireResponse): boolean {
  return response.status >= 400 && response.body.length === 0 && !response.headers.has("content-type");
}

const MARKUP = /text\/(?:html|x-component)|application\/json|text\/plain/;
const MALFORMED_FRAMINGS = new Set(["half", "length too long", "length too short", "both"]);

/** Everything that is wrong with the reply to a request. */
export function problemsOf(draft: Draft, reply: Reply): string[] {
  if (!isResponse(reply))
    return MALFORMED_FRAMINGS.has(draft.framing) || mayEndUnanswered(draft)
      ? []
      : [`no response, the connection was ${reply}`];
  const problems: (string | null)[] = [
    reply.status >= 500 || reply.status < 100 ? `it was answered ${reply.status}` : null,
    missingHeader(reply, ALWAYS_HEADERS),
    reply.headers.has("x-powered-by") ? "it has the header X-Powered-By" : null,
  ];
  const type = reply.headers.get("content-type") ?? "";
  const text = MARKUP.test(type) ? reply.body.toString() : "";
  const shown = internalsIn(reply.head) ?? internalsIn(text);
  problems.push(shown && `it reveals ${shown}`);
  if (!isBare(reply)) problems.push(missingHeader(reply, isFile(reply, draft) ? {} : APP_HEADERS));
  const isJsonEndpoint = draft.kind === "api" || draft.kind === "webhook";
  const isRouted = draft.mutations.every((name) => !REROUTING.has(name));
  if (isJsonEndpoint && isRouted && reply.status >= 400 && draft.method !== "HEAD" && !isBare(reply)) {
    problems.push(problemOfError(reply));
  }
  if (!isBare(reply) && isUndocumented(draft, reply))
    problems.push("its status isn't in the OpenAPI document");
  if (
    type.includes("text/html") &&
    !/default-src 'none'/.test(reply.headers.get("content-security-policy") ?? "")
  ) {
    problems.push("HTML without a content security policy");
  }
  return problems.filter((problem) => problem !== null);
}

/** After these mutations another endpoint than the draft's may respond. */
const REROUTING = new Set([...Object.keys(ADDRESS_MUTATORS), "unicode", "amount", "type", "other's id"]);

/** True for a status that the document doesn't have, though only values of fields were changed. */
function isUndocumented({ documented, target, mutations }: Draft, { status }: WireResponse): boolean {
  if (documented === undefined || documented.path !== target.split("?", 1)[0]) return false;
  const isOnlyFields = mutations.every((name) => name in FIELD_MUTATORS);
  return isOnlyFields && !documented.statuses.includes(String(status));
}

/** A request for a tunnel or another protocol needs no response (RFC 9110 §9.3.6 and §7.8). */
function mayEndUnanswered({ method, headers }: Draft): boolean {
  return method === "CONNECT" || headers.some(([name]) => name.toLowerCase() === "upgrade");
}

function isFile(response: WireResponse, { kind }: Draft): boolean {
  return (
    kind === "file" ||
    /^(?:image|font|text\/css|application\/javascript)/.test(response.headers.get("content-type") ?? "")
  );
}
