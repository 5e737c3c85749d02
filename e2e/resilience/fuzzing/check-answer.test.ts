import { describe, expect, test } from "vitest";
import { plainDraft } from "./api-endpoints";
import { insidesIn, problemsOf } from "./check-answer";
import { growthOf, problemOfLine } from "./watch-process";
import { parseAnswer } from "./wire";

const SECURE = [
  "x-content-type-options: nosniff",
  "x-frame-options: DENY",
  "referrer-policy: same-origin",
  "cross-origin-opener-policy: same-origin",
  "x-request-id: r1",
];

const api = plainDraft({ door: "POST /api/x", lane: "api", method: "POST", target: "/api/x" });

function answer(
  status: number,
  body: string,
  headers: readonly string[] = [...SECURE, "content-type: application/json"],
) {
  const text = [
    `HTTP/1.1 ${status} X`,
    ...headers,
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
  const parsed = parseAnswer(Buffer.from(text), false, false);
  if (parsed === null) throw new Error("a whole answer can be read");
  return parsed.answer;
}

const refusal = (more: object = {}) =>
  JSON.stringify({ detail: "Not found", code: "not_found", request_id: "r1", ...more });

describe("an answer", () => {
  test("in our words is no violation", () => {
    expect(problemsOf(api, answer(404, refusal()))).toEqual([]);
    expect(problemsOf(api, answer(200, "{}"))).toEqual([]);
  });

  test.each([
    ["a 500", answer(500, refusal())],
    ["a 503 without a fault", answer(503, refusal({ code: "unavailable" }))],
    ["another code", answer(404, refusal({ code: "nope" }))],
    ["a word more", answer(404, refusal({ stack: "x" }))],
    ["another request's id", answer(404, refusal({ request_id: "r2" }))],
    ["no JSON", answer(404, "Not found", [...SECURE, "content-type: text/plain"])],
    ["a header less", answer(404, refusal(), [...SECURE.slice(1), "content-type: application/json"])],
    ["a stack", answer(200, '{"x":"Error: y\\n"}\n    at run (/srv/app/lib/x.ts:3:4)')],
    ["a query", answer(200, '{"x":"insert into users"}')],
    ["HTML without a policy", answer(404, "<p>", [...SECURE, "content-type: text/html"])],
    ["nothing", "closed" as const],
    ["silence", "silent" as const],
  ])("that has %s is a violation", (_what, reply) => {
    expect(problemsOf(api, reply).length).toBeGreaterThan(0);
  });

  test("isn't owed to somebody who sent half a request", () => {
    expect(problemsOf({ ...api, framing: "half" }, "silent")).toEqual([]);
  });
});

test("insides are known by their looks, and what people type isn't taken for them", () => {
  expect(insidesIn('TypeError: Cannot read properties of undefined (reading "x")')).not.toBeNull();
  expect(insidesIn("/srv/app/node_modules/next/dist/x.js")).not.toBeNull();
  expect(
    insidesIn("select a language · insert a card · /wallet/transfer · <script>alert(1)</script>"),
  ).toBeNull();
});

test("a log line has to be one JSON object, and no error that nobody thought of", () => {
  expect(problemOfLine('{"level":"info","msg":"request"}')).toBeNull();
  for (const line of ["⨯ TypeError: x", "    at y", "[1]", '{"level":"error","code":"internal"}']) {
    expect(problemOfLine(line), line).not.toBeNull();
  }
});

test("growth is measured between medians, so that one peak is none", () => {
  const samples = (grow: (at: number) => number) =>
    Array.from({ length: 100 }, (_, at) => ({ requests: at + 1, bytes: grow(at) }));
  expect(growthOf(samples((at) => (at === 90 ? 900 : 100)))?.share).toBe(0);
  expect(growthOf(samples((at) => 100 + at))?.share).toBeGreaterThan(0.3);
  expect(growthOf(samples(() => 1).slice(0, 8))).toBeNull();
});
