import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toJsonSchema } from "@/lib/api/docs/json-schema";
import { API_CALLS } from "@/lib/api/route-table";
import { ACTIONS } from "../access/page-rules";
import { randomFrom } from "../random";
import type { HttpResponse } from "../requests/http";
import { internalsIn, problemsOf } from "./check-response";
import type { Draft } from "./draft";
import { arbitraryOf, draw } from "./schema-arbitrary";
import { growthOf, problemOfLine } from "./watch-deployment";

const SECURE = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "x-request-id": "r1",
};
const JSON_TYPE = { ...SECURE, "content-type": "application/json" };

const api: Draft = {
  ...{ endpoint: "POST /api/x", kind: "call", path: "/api/x", framing: "length", mutations: [] },
  request: { method: "POST", target: "/api/x", headers: {} },
};

function response(status: number, body: string, headers: Record<string, string> = JSON_TYPE): HttpResponse {
  return {
    status,
    headers,
    body,
    head: Object.entries(headers)
      .map((header) => header.join(": "))
      .join("\r\n"),
  };
}

const missing = { family: "fields", name: "missing" } as const;
const header = { family: "headers", name: "odd header" } as const;
const refusal = (more: object = {}) =>
  JSON.stringify({ detail: "Not found", code: "not_found", request_id: "r1", ...more });

describe("a response", () => {
  test("as documented is no violation", () => {
    expect(problemsOf(api, response(404, refusal()))).toEqual([]);
    expect(problemsOf(api, response(200, "{}"))).toEqual([]);
  });

  test.each([
    ["a 500", response(500, refusal())],
    ["a 503 without a fault", response(503, refusal({ code: "unavailable" }))],
    ["an unknown code", response(404, refusal({ code: "nope" }))],
    ["an undocumented field", response(404, refusal({ stack: "x" }))],
    ["another request's id", response(404, refusal({ request_id: "r2" }))],
    ["no JSON", response(404, "Not found", { ...SECURE, "content-type": "text/plain" })],
    ["a missing header", response(404, refusal(), { ...JSON_TYPE, "x-frame-options": "" })],
    ["a stack trace", response(200, '{"x":"Error: y\\n"}\n    at run (/srv/app/lib/x.ts:3:4)')],
    ["a query", response(200, '{"x":"insert into users"}')],
    ["HTML without a policy", response(404, "<p>", { ...SECURE, "content-type": "text/html" })],
    ["a closed connection", "closed" as const],
    ["a timeout", "silent" as const],
  ])("that has %s is a violation", (_what, reply) => {
    expect(problemsOf(api, reply).length).toBeGreaterThan(0);
  });

  test("whose status the OpenAPI document doesn't have is a violation, unless more than fields was mutated", () => {
    const documented = { ...api, statuses: ["200", "422"] };
    expect(problemsOf({ ...documented, mutations: [missing] }, response(404, refusal()))).toHaveLength(1);
    expect(problemsOf({ ...documented, mutations: [missing] }, response(422, refusal()))).toEqual([]);
    expect(problemsOf({ ...documented, mutations: [missing, header] }, response(404, refusal()))).toEqual([]);
  });

  test("is a page only when the request's head came in several packets", () => {
    const page = response(400, "<p>", {
      ...SECURE,
      "content-type": "text/html",
      "content-security-policy": "default-src 'none'",
    });
    const headers = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`x-${at}`, "1"]));
    const long = { ...api, request: { ...api.request, headers } };
    expect(problemsOf(long, page)).toEqual([]);
    expect(problemsOf(long, { ...page, status: 404 })).toEqual(["it isn't JSON"]);
    expect(problemsOf(api, page)).toEqual(["it isn't JSON"]);
  });

  test("isn't required for half a request", () => {
    expect(problemsOf({ ...api, framing: "half" }, "silent")).toEqual([]);
  });
});

test("internals are recognized, and ordinary text isn't taken for them", () => {
  expect(internalsIn('TypeError: Cannot read properties of undefined (reading "x")')).not.toBeNull();
  expect(internalsIn("/srv/app/node_modules/next/dist/x.js")).not.toBeNull();
  expect(
    internalsIn("select a language · insert a card · /wallet/transfer · <script>alert(1)</script>"),
  ).toBeNull();
});

test("a log line must be one JSON object and no unexpected error", () => {
  expect(problemOfLine('{"level":"info","msg":"request"}')).toBeNull();
  for (const line of ["⨯ TypeError: x", "    at y", "[1]", '{"level":"error","code":"internal"}']) {
    expect(problemOfLine(line), line).not.toBeNull();
  }
});

test("growth is measured between medians, so one peak doesn't count", () => {
  const samples = (grow: (at: number) => number) =>
    Array.from({ length: 100 }, (_, at) => ({ requests: at + 1, bytes: grow(at) }));
  expect(growthOf(samples((at) => (at === 90 ? 900 : 100)))).toBe(0);
  expect(growthOf(samples((at) => 100 + at))).toBeGreaterThan(0.3);
  expect(growthOf(samples(() => 1).slice(0, 8))).toBeNull();
});

const DRAWS = 200;
const draws = (schema: z.ZodType, seed: string) => {
  const [arbitrary, random] = [arbitraryOf(toJsonSchema(schema, "input")), randomFrom(seed)];
  return Array.from({ length: DRAWS }, () => draw(arbitrary, random));
};

const everything = z.strictObject({
  id: z.uuid(),
  name: z.string().min(3).max(5).optional(),
  digits: z.string().regex(/^[1-9][0-9]{0,17}$/),
  amount: z.int().positive().max(1_000),
  at: z.union([z.iso.datetime({ offset: true }), z.iso.date(), z.null()]),
  kinds: z
    .array(z.enum(["a", "b"]))
    .min(1)
    .max(4),
  on: z.literal("on").optional(),
});

test("what is drawn is valid, varied, and the same for the same seed", () => {
  const drawn = draws(everything, "1");
  for (const value of drawn) expect(everything.safeParse(value).error).toBeUndefined();
  expect(new Set(drawn.map((value) => JSON.stringify(value))).size).toBeGreaterThan(DRAWS / 2);
  expect(draws(everything, "1")).toEqual(drawn);
  expect(draws(everything, "2")).not.toEqual(drawn);
});

test("every body and query of the API and every form can be drawn, most of them more than once", () => {
  const schemas = [
    ...API_CALLS.flatMap(({ body, query }) => [body, query]),
    ...Object.values(ACTIONS).map(({ form }) => form),
  ];
  for (const schema of schemas) if (schema) expect(draws(schema, "1")).toHaveLength(DRAWS);
});

test("a schema of which nothing can be drawn is reported, not skipped", () => {
  expect(() => arbitraryOf({ type: "object", properties: { a: {} } })).toThrow("nothing is drawn");
});
