import { ERROR_CODES } from "@/lib/errors";
import type { Draft } from "./draft";
import { isAnswer, type Reply, type WireAnswer } from "./wire";

/** What only we should read: stacks, queries, the machine's paths, an error's own words. */
const INSIDES: readonly [what: string, pattern: RegExp][] = [
  ["a stack", /^\s+at .+(?::\d+:\d+|\(native\)|<anonymous>)/m],
  [
    "a file of ours",
    /(?:^|[^\w])(?:\/[\w.-]+)+\/(?:node_modules|lib|app|db)\/[\w./[\]-]+\.(?:ts|tsx|js|mjs)\b/,
  ],
  ["a package's file", /node_modules/],
  [
    "an error's name",
    /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|PostgresError|InvariantError|ZodError|DrizzleQueryError)\b/,
  ],
  [
    "an error's words",
    /Cannot (?:read|set) propert|is not (?:a function|defined|iterable)|Unexpected (?:token|end of)|ECONNREFUSED|ENOENT|ETIMEDOUT/,
  ],
  [
    "a query",
    /\b(?:select .{1,400}? from|insert into \w+|update \w+ set|delete from \w|syntax error at or near|violates (?:unique|check|foreign|not-null)|invalid input syntax|duplicate key value|out of range for type)\b/is,
  ],
  ["the database's address", /postgres(?:ql)?:\/\//i],
];

/** Which of our insides a text shows; null for none. */
export function insidesIn(text: string): string | null {
  return INSIDES.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** What is wrong with an answer to the JSON API's errors; null when it is as documented. */
export function problemOfError(answer: WireAnswer): string | null {
  if (!(answer.headers.get("content-type") ?? "").includes("application/json")) return "it isn't JSON";
  let body: unknown;
  try {
    body = JSON.parse(answer.body.toString());
  } catch {
    return "its JSON can't be read";
  }
  const { detail, code, request_id: requestId, fields, ...rest } = body as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return `it has ${Object.keys(rest).join(", ")} beside`;
  if (typeof detail !== "string" || detail === "") return "it has no detail";
  if (typeof code !== "string" || !CODES.has(code)) return `its code is ${String(code)}`;
  if (typeof requestId !== "string" || requestId !== answer.headers.get("x-request-id"))
    return "its request id isn't the header's";
  return fields === undefined || Array.isArray(fields) ? null : "its fields are no list";
}

const EVERYWHERE = { "x-content-type-options": "nosniff" };
const ANSWERED = {
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

function missingHeader(answer: WireAnswer, wanted: Record<string, string>): string | null {
  const missing = Object.entries(wanted).find(([name, value]) => answer.headers.get(name) !== value);
  return missing ? `${missing[0]} is ${answer.headers.get(missing[0]) ?? "missing"}` : null;
}

/** True for what the HTTP server refuses by itself, before anybody has read what it is about. */
function isBare(answer: WireAnswer): boolean {
  return answer.status >= 400 && answer.body.length === 0 && !answer.headers.has("content-type");
}

const MARKUP = /text\/(?:html|x-component)|application\/json|text\/plain/;
const UNREAD = new Set(["half", "length too long", "length too short", "both"]);

/** Everything that is wrong with what came back. */
export function problemsOf(draft: Draft, reply: Reply): string[] {
  if (!isAnswer(reply))
    return UNREAD.has(draft.framing) || mayEndUnanswered(draft) ? [] : [`it was left ${reply}`];
  const problems: (string | null)[] = [
    reply.status >= 500 || reply.status < 100 ? `it was answered ${reply.status}` : null,
    missingHeader(reply, EVERYWHERE),
    reply.headers.has("x-powered-by") ? "it says what it is made with" : null,
  ];
  const type = reply.headers.get("content-type") ?? "";
  const text = MARKUP.test(type) ? reply.body.toString() : "";
  const shown = insidesIn(reply.head) ?? insidesIn(text);
  problems.push(shown && `it shows ${shown}`);
  if (!isBare(reply)) problems.push(missingHeader(reply, isFile(reply, draft) ? {} : ANSWERED));
  const isJsonDoor = draft.lane === "api" || draft.lane === "webhook";
  const isStill = draft.mutations.every((name) => !MOVES_THE_DOOR.has(name));
  if (isJsonDoor && isStill && reply.status >= 400 && draft.method !== "HEAD" && !isBare(reply)) {
    problems.push(problemOfError(reply));
  }
  if (
    type.includes("text/html") &&
    !/default-src 'none'/.test(reply.headers.get("content-security-policy") ?? "")
  ) {
    problems.push("HTML without a policy");
  }
  return problems.filter((problem) => problem !== null);
}

/** Answers to these may come from another door than the draft's. */
const MOVES_THE_DOOR = new Set([
  "escape",
  "traversal",
  "long path",
  "locale",
  "query",
  "form of address",
  "unicode",
  "amount",
  "type",
  "other's id",
]);

/** RFC 9110 §9.3.6 and §7.8: what asks for a tunnel or another protocol has no answer of ours. */
function mayEndUnanswered({ method, headers }: Draft): boolean {
  return method === "CONNECT" || headers.some(([name]) => name.toLowerCase() === "upgrade");
}

function isFile(answer: WireAnswer, { lane }: Draft): boolean {
  return (
    lane === "file" ||
    /^(?:image|font|text\/css|application\/javascript)/.test(answer.headers.get("content-type") ?? "")
  );
}
