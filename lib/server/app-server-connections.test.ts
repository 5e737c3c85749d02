import { once } from "node:events";
import net from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import { DomainError } from "@/lib/errors";
import { readBody } from "@/lib/http/read-body";
import { answerUnparsed } from "./long-heads";

afterEach(stopServer);

/** Raw bytes, as clients that don't behave send them; answers what came until nothing more did. */
async function raw(url: string, parts: readonly string[], pauseMs = 30): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  const closed = once(socket, "close");
  for (const part of parts) {
    if (!socket.writable) break;
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  socket.end();
  await closed;
  return answer;
}

describe("in front of Next, what callers do to a connection", () => {
  const limited = {
    has: (path: string) => path.startsWith("/api/"),
    answer: async (request: Request) => {
      try {
        const bytes = await readBody(request, 1_000);
        return Response.json({ path: new URL(request.url).pathname, length: bytes.byteLength });
      } catch (error) {
        return Response.json({ code: error instanceof DomainError ? error.code : "?" }, { status: 413 });
      }
    },
  };

  test("after a chunked body that is too long the next request on the connection is answered as itself", async () => {
    const url = await serve({ apiServer: limited });
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    const head = "POST /api/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    const next = "POST /api/next HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    const answer = await raw(url, [head, chunk, chunk, chunk, "0\r\n\r\n", next]);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 413", "HTTP/1.1 200"]);
    expect(answer).toContain('"path":"/api/next","length":2');
  });

  test("a caller that sends far too much gets the answer before the connection closes", async () => {
    const url = await serve({ apiServer: limited });
    const answer = await fetch(`${url}/api/x`, { method: "POST", body: "x".repeat(10_000_000) });
    expect(answer.status).toBe(413);
  });

  test("a body that was read to its end leaves the connection open for the next", async () => {
    const url = await serve({ apiServer: limited });
    const one = "POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    const answer = await raw(url, [one, one]);
    expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
  });

  test.each(["[", "a b", "%", "x:99999999", "x/api/other?"])(
    "the Host header %j neither fails nor leads elsewhere",
    async (host) => {
      const url = await serve({ apiServer: limited });
      const answer = await raw(url, [`GET /api/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]);
      expect(answer).toMatch(/^HTTP\/1\.1 (?:200|400) /);
      if (answer.includes(" 200 ")) expect(answer).toContain('"path":"/api/x"');
    },
  );

  test("what can't be read behind a request that is still answered adds nothing to its answer", async () => {
    const url = await serve({
      handle: async (_request, response) => {
        response.setHeader("content-type", "text/plain");
        response.write("begun");
        await new Promise((resolve) => setTimeout(resolve, 200));
        response.end("done");
      },
    });
    const answer = await raw(url, ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "hello\r\n\r\n"]);
    expect(answer).toContain("begun");
    expect(answer).not.toContain("400");
  });

  test("what can't be read asks for https where there is https", async () => {
    const answer = await raw(await serve({ isHttps: true }), ["hello\r\n\r\n"]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*strict-transport-security: max-age=63072000/is);
  });

  test("a head that never ends is a 408", () => {
    let sent = "";
    const socket = new PassThrough();
    socket.on("data", (chunk) => {
      sent += chunk;
    });
    answerUnparsed(Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }), socket, false);
    expect(String(socket.read() ?? sent)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  test("an absolute address is the path that it names", async () => {
    const url = await serve({ apiServer: limited });
    const request =
      "GET http://elsewhere.test/api/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    expect(await raw(url, [request])).toContain('"path":"/api/x"');
  });

  /** Status, and the code of the JSON body where there is one. */
  async function refused(request: string): Promise<[number, string | undefined]> {
    const url = await serve({ apiServer: limited });
    const answer = await raw(url, [request]);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(/\r\nX-Content-Type-Options: nosniff/i);
    const code = !body.startsWith("{")
      ? undefined
      : (JSON.parse(body) as { code: string; request_id: string });
    if (code) expect(code.request_id).toMatch(/^[0-9a-f-]{36}$/);
    return [Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), code?.code];
  }

  /** `count` headers, the shortest that differ. */
  const headers = (count: number) =>
    Array.from({ length: count }, (_, at) => `${at.toString(36)}: 1\r\n`).join("");

  test("none of many headers is lost", async () => {
    const url = await serve({
      handle: async (request, response) => {
        response.end(`${request.headers["content-length"]} ${request.headers.cookie}`);
      },
    });
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\n${headers(1_800)}`;
    const last = "Cookie: a=1\r\nContent-Length: 2\r\n\r\n{}";
    expect(await raw(url, [head + last])).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n2 a=1\r\n/);
  });

  test.each([
    ["a second Host header behind many others", "Host: elsewhere.test\r\nConnection: close", 1_800, 400],
    ["the body's length behind too many", "Content-Length: 2", 2_800, 431],
    ["the body's length behind far too many", "Content-Length: 2", 9_000, 431],
  ])("%s is refused at once", async (_what, last, count, status) => {
    const url = await serve({ apiServer: limited });
    const request = `POST /wallet HTTP/1.1\r\nHost: localhost\r\n${headers(count)}${last}\r\n\r\n{}`;
    expect(await raw(url, [request])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  const get = (path: string, headers = "Host: localhost") =>
    `GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;

  test.each(["/api/./x", "//api/x", "/api/%2e/x", "/api/x//", "/%61pi/x", "/webhook//getmipay/"])(
    "the spelling %s reaches neither the API nor Next behind it",
    async (path) => {
      expect(await refused(get(path))).toEqual([404, "not_found"]);
    },
  );

  test.each([
    ["two Host headers", get("/api/x", "Host: localhost\r\nHost: elsewhere.test"), 400, "malformed_body"],
    ["the same Host twice", get("/api/x", "Host: localhost\r\nhost: localhost"), 400, "malformed_body"],
    ["a broken escape", get("/api/%zz"), 400, "malformed_body"],
    ["a fragment", get("/api/x#y"), 400, "malformed_body"],
    ["a fragment behind a dot", get("/api/x/.#"), 400, "malformed_body"],
    ["a fragment in a query", get("/api/x?a=b#c"), 400, "malformed_body"],
    ["a fragment of a whole address", get("http://localhost#/api/x"), 400, undefined],
    ["a fragment of a page", get("/wallet#x"), 400, undefined],
    ["a long address", get(`/api/x?q=${"x".repeat(20_000)}`), 414, "uri_too_long"],
    [
      "large headers",
      get("/api/x", `Host: localhost\r\nX-Large: ${"x".repeat(20_000)}`),
      431,
      "headers_too_large",
    ],
    ["no HTTP at all", "hello\r\n\r\n", 400, undefined],
  ])("%s gets an answer of ours", async (_what, request, status, code) => {
    expect(await refused(request)).toEqual([status, code]);
  });
});
