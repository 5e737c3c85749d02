import { describe, expect, it, vi } from "vitest";
import { DomainError, ERROR_CODES } from "@/lib/errors";
import { defineRoute, type RouteRequest } from "./define-route";
import { ERROR_TABLE } from "./error-table";

vi.mock("@/lib/log", () => ({ log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() } }));

const URL_OF_ROUTE = "http://localhost:3000/api/test";

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request(URL_OF_ROUTE, { method: "POST", body, headers, duplex: "half" } as RequestInit);

const echo = defineRoute({ name: "echo", bodyBytesMax: 100 }, async ({ json }) =>
  Response.json(await json()),
);

const throwing = (error: unknown) =>
  defineRoute({ name: "throwing" }, async () => {
    throw error;
  })(new Request(URL_OF_ROUTE));

/** Counts the chunks that were asked for. */
function endlessBody() {
  let chunks = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      chunks += 1;
      controller.enqueue(new Uint8Array(40));
    },
  });
  return { body, chunks: () => chunks };
}

describe("plain routes", () => {
  it("hand the body over and answer with the request's id", async () => {
    const response = await echo(post('{"amount":5000}', { "x-request-id": "abcdefgh-1" }));
    expect(response.status).toBe(200);
    expect(response.headers.get("x-request-id")).toBe("abcdefgh-1");
    expect(await response.json()).toEqual({ amount: 5000 });
  });

  it.each(["short", "x".repeat(65), "abc def ghi", '"quoted-id"'])("make an id instead of %j", async (id) => {
    const response = await echo(post("{}", { "x-request-id": id }));
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(["", "{", "NaN", "undefined", "{'a':1}"])("refuse %j as malformed", async (body) => {
    const response = await echo(post(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "malformed_body",
      detail: "The request could not be read",
    });
  });

  it("refuse bytes that aren't UTF-8", async () => {
    expect((await echo(post(new Uint8Array([0x22, 0xff, 0x22])))).status).toBe(400);
  });

  it("take exactly as many bytes as the limit", async () => {
    const full = JSON.stringify("a".repeat(98));
    expect((await echo(post(full))).status).toBe(200);
    expect((await echo(post(`${full} `))).status).toBe(413);
  });

  it("stop reading a body that is too long, however it is announced", async () => {
    for (const announced of [{}, { "content-length": "10" }]) {
      const { body, chunks } = endlessBody();
      const response = await echo(post(body, announced));
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: "payload_too_large" });
      expect(chunks()).toBeLessThan(6);
    }
  });

  it.each(ERROR_CODES)("answer %s as the table says", async (code) => {
    const response = await throwing(new DomainError(code));
    expect(response.status).toBe(ERROR_TABLE[code].status);
    expect(await response.json()).toEqual({
      detail: ERROR_TABLE[code].detail.replace("{permission}", ""),
      code,
      request_id: response.headers.get("x-request-id"),
    });
  });

  it("say after how many seconds to come back, and which fields are wrong", async () => {
    const limited = await throwing(new DomainError("rate_limited", { retryAfterSeconds: 42 }));
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "42"]);
    const issues = [{ field: "amount", reason: "not_positive", values: { secret: 1 } }];
    const invalid = await throwing(new DomainError("validation_failed", { issues }));
    expect(await invalid.json()).toMatchObject({ fields: [{ field: "amount", reason: "not_positive" }] });
  });

  it.each([new Error("select * from users"), "text", null, { code: "not_found" }])(
    "never tell what was thrown unexpectedly",
    async (thrown) => {
      const response = await throwing(thrown);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        detail: "Something went wrong",
        code: "internal",
        request_id: response.headers.get("x-request-id"),
      });
    },
  );

  it("pass status and headers of an answer on", async () => {
    const route = defineRoute({ name: "created" }, async (_request: RouteRequest) => {
      return Response.json({ id: 1 }, { status: 201, headers: { "cache-control": "no-store" } });
    });
    const response = await route(new Request(URL_OF_ROUTE));
    expect([response.status, response.headers.get("cache-control")]).toEqual([201, "no-store"]);
  });
});
