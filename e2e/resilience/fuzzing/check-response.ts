import { ERROR_CODES } from "@/lib/errors";
import { type HttpResponse, type Reply, serialize } from "../requests/http";
import { type Draft, isWellFramed, pathOf } from "./draft";

/** What no response may reveal: stack traces, queries, paths of files, messages of errors. */
const INTERNALS: Readonly<Record<string, RegExp>> = {
  "a stack trace": /^\s+at .+(?::\d+:\d+|\(native\)|<anonymous>)/m,
  "a path of a source file":
    /(?:^|[^\w])(?:\/[\w.-]+)+\/(?:node_modules|lib|app|db)\/[\w./[\]-]+\.(?:ts|tsx|js|mjs)\b/,
  "a path of a package": /node_modules/,
  "an error's name":
    /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|PostgresError|InvariantError|ZodError|DrizzleQueryError)\b/,
  "an error's message":
    /Cannot (?:read|set) propert|is not (?:a function|defined|iterable)|Unexpected (?:token|end of)|ECONNREFUSED|ENOENT|ETIMEDOUT/,
  "a query":
    /\b(?:select .{1,400}? from|insert into \w+|update \w+ set|delete from \w|syntax error at or near|violates (?:unique|check|foreign|not-null)|invalid input syntax|duplicate key value|out of range for type)\b/is,
  "the database's address": /postgres(?:ql)?:\/\//i,
};

/** Which internals a text reveals; null for none. */
export function internalsIn(text: string): string | null {
  return Object.entries(INTERNALS).find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** How an error response of the JSON API differs from its documentation; null if it doesn't. */
function problemOfError({ headers, body }: HttpResponse): string | null {
  if (!headers["content-type"]?.includes("application/json")) return "it isn't JSON";
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(body);
  } catch {
    return "its JSON can't be read";
  }
  const { detail, code, request_id: requestId, fields = [], ...rest } = parsed;
  if (Object.keys(rest).length > 0) return `it has undocumented ${Object.keys(rest).join(", ")}`;
  if (typeof detail !== "string" || detail === "") return "it has no detail";
  if (typeof code !== "string" || !CODES.has(code)) return `its code is ${String(code)}`;
  if (typeof requestId !== "string" || requestId !== headers["x-request-id"])
    return "its request id isn't the header's";
  return Array.isArray(fields) ? null : "its fields are no list";
}

const ALWAYS_HEADERS = { "x-content-type-options": "nosniff" };
const APP_HEADERS = {
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};

/** A page whose address is a secret tells no other site where its visitors come from. */
const REFERRER_POLICIES = new Set(["same-origin", "no-referrer"]);

function missingHeader({ headers }: HttpResponse, wanted: Record<string, string>): string | null {
  const [name] = Object.entries(wanted).find(([each, value]) => headers[each] !== value) ?? [];
  return name === undefined ? null : `${name} is ${headers[name] ?? "missing"}`;
}

const MARKUP = /text\/(?:html|x-component)|application\/json|text\/plain/;
const FILE = /^(?:image|font|text\/css|application\/javascript)/;
/** Everything that is wrong with the reply to a request. */
export function problemsOf(draft: Draft, reply: Reply): string[] {
  if (typeof reply === "string")
    return isWellFramed(draft) && !mayEndUnanswered(draft)
      ? [`no response, the connection was ${reply}`]
      : [];
  const { status, headers, head, body } = reply;
  const type = headers["content-type"] ?? "";
  const isRefused = status >= 400;
  // What Node's HTTP parser refuses before the app sees it.
  const isBare = isRefused && body === "" && type === "";
  const isFile = draft.kind === "file" || FILE.test(type);
  const revealed = internalsIn(head) ?? (MARKUP.test(type) ? internalsIn(body) : null);
  const isJsonEndpoint = draft.kind === "call" || draft.kind === "webhook";
  // With another path another endpoint may respond.
  const isRouted = pathOf(draft.request) === draft.path;
  // What Node's parser refuses in a later packet than that with the path gets a page that people can read.
  const isOfLatePacket = [400, 431].includes(status) && type.includes("text/html") && isSentInPackets(draft);
  const isErrorOfCall =
    isJsonEndpoint && !isOfLatePacket && isRouted && isRefused && !isBare && draft.request.method !== "HEAD";
  const isOnlyFields = draft.mutations.every(({ family }) => family === "fields");
  const isKnown = !isOnlyFields || !isRouted || (draft.statuses?.includes(String(status)) ?? true);
  const hasPolicy = /default-src 'none'/.test(headers["content-security-policy"] ?? "");
  return [
    status >= 500 || status < 100 ? `it was answered ${status}` : null,
    missingHeader(reply, ALWAYS_HEADERS),
    "x-powered-by" in headers ? "it has the header X-Powered-By" : null,
    revealed && `it reveals ${revealed}`,
    isBare || isFile ? null : missingHeader(reply, APP_HEADERS),
    isBare || isFile || REFERRER_POLICIES.has(headers["referrer-policy"] ?? "")
      ? null
      : `referrer-policy is ${headers["referrer-policy"] ?? "missing"}`,
    isErrorOfCall ? problemOfError(reply) : null,
    isBare || isKnown ? null : "its status isn't in the OpenAPI document",
    type.includes("text/html") && !hasPolicy ? "HTML without a content security policy" : null,
  ].filter((problem) => problem !== null);
}

/** What Node reads from a connection at once. */
const PACKET_BYTES = 64 * 1024;

/** True if request line and headers reach the server in several packets. */
function isSentInPackets({ request: { method, target, headers }, framing }: Draft): boolean {
  return framing === "slow" || serialize({ method, target, headers }, "localhost").length > PACKET_BYTES;
}

/** A request for a tunnel or another protocol needs no response (RFC 9110 §9.3.6 and §7.8). */
export function mayEndUnanswered({ request }: Draft): boolean {
  return request.method === "CONNECT" || "upgrade" in request.headers;
}
