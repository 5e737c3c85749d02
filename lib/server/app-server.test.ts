import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import { onRequestError } from "@/instrumentation";
import { DomainError } from "@/lib/errors";
import { readBody } from "@/lib/http/read-body";
import { markActionReached, setResponseStatus } from "@/lib/http/response-status";
import type { AppServerOptions } from "./app-server";
import { answerUnparsed } from "./long-heads";

afterEach(stopServer);

describe("every answer", () => {
  test("has a request id of ours, whatever the caller sent, and Next sees the same", async () => {
    const url = await serve({
      handle: async (request, response) => {
        response.end(request.headers["x-request-id"]);
      },
    });
    const answer = await fetch(url, { headers: { "x-request-id": "chosen-by-the-caller" } });
    const id = answer.headers.get("x-request-id");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await answer.text()).toBe(id);
  });

  test("forbids sniffing, and asks for https only where there is https", async () => {
    const plain = await fetch(await serve({}));
    expect(plain.headers.get("x-content-type-options")).toBe("nosniff");
    expect(plain.headers.get("strict-transport-security")).toBeNull();
    await stopServer();
    const secure = await fetch(await serve({ isHttps: true }));
    expect(secure.headers.get("strict-transport-security")).toContain("max-age=63072000");
  });

  test("keeps what the page itself says", async () => {
    const url = await serve({
      isHttps: true,
      handle: async (_request, response) => {
        response.setHeader("Strict-Transport-Security", "max-age=1");
        response.end();
      },
    });
    expect((await fetch(url)).headers.get("strict-transport-security")).toBe("max-age=1");
  });
});

// Found by npm run resilience: requests, seed 1, cases 0 to 5
describe("what Next would answer with a 500", () => {
  const failing: AppServerOptions["handle"] = async (_request, response) => {
    response.statusCode = 500;
    response.end();
  };
  const posted = {
    method: "POST",
    body: "--x",
    headers: { "content-type": "multipart/form-data; boundary=x" },
  };

  const reporting =
    (error: Error): AppServerOptions["handle"] =>
    async (request, response) => {
      onRequestError(error);
      await failing(request, response);
    };

  test("is a 400 where Next reports that it could not decode a posted form", async () => {
    const url = await serve({ handle: reporting(new Error("Unexpected end of form")) });
    expect((await fetch(`${url}/wallet`, posted)).status).toBe(400);
    const action = { method: "POST", headers: { "next-action": "x" } };
    expect((await fetch(`${url}/wallet`, action)).status).toBe(400);
  });

  test.each([
    ["without any report", failing],
    ["for an error of ours", reporting(new Error("the database is away"))],
    ["for a TypeError in our own code", reporting(new TypeError("x is not a function"))],
  ])("stays a 500 %s, for a posted form before any code of ours ran", async (_, handle) => {
    const url = await serve({ handle });
    expect((await fetch(`${url}/wallet`, posted)).status).toBe(500);
  });

  test("stays a 500 where code of ours failed, and for everything but forms", async () => {
    const url = await serve({
      handle: async (request, response) => {
        if (request.url === "/action") markActionReached();
        if (request.url === "/page") setResponseStatus(500);
        await reporting(new Error("Unexpected end of form"))(request, response);
      },
    });
    for (const path of ["/action", "/page", "/api/auth/signin"]) {
      expect((await fetch(url + path, posted)).status, path).toBe(500);
    }
    expect((await fetch(`${url}/wallet`)).status).toBe(500);
    expect((await fetch(`${url}/wallet`, { method: "POST", body: "x" })).status).toBe(500);
  });

  test.each(["TRACE", "PUT"])("is a 405 for %s, which no page or file takes", async (method) => {
    const url = new URL(await serve({ handle: failing }));
    const answer = await new Promise<http.IncomingMessage>((resolve) => {
      http.request(url, { method }, resolve).end();
    });
    answer.resume();
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, expect.stringContaining("GET")]);
  });

  test.each([
    "/icon-512.png",
    "/favicon.ico",
    "/icon.svg?x=1",
    "/manifest.webmanifest",
    "/_next/static/chunks/x.js",
    "/_next/static/",
    "/icon-512%2Epng",
    "//icon-512.png",
    "/en/icon.svg/",
  ])("is a 405 for a post to the file %s", async (path) => {
    const url = await serve({ handle: failing });
    const answer = await fetch(url + path, posted);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("a file can be had, and a page whose query names one takes posts", async () => {
    const url = await serve({});
    expect((await fetch(`${url}/icon-512.png`)).status).toBe(200);
    expect((await fetch(`${url}/en/wallet/topup?next=/icon.svg`, posted)).status).toBe(200);
    expect((await fetch(`${url}/api/auth/callback/x.png`, posted)).status).toBe(200);
  });

  // Found by npm run resilience: requests, seed 4, cases 57 and 71
  test("is a 400 with our headers for a request without Host", async () => {
    const url = new URL(await serve({ handle: failing }));
    const answer = await new Promise<http.IncomingMessage>((resolve) => {
      http.request(url, { setHost: false }, resolve).end();
    });
    answer.resume();
    expect([answer.statusCode, answer.headers["x-content-type-options"]]).toEqual([400, "nosniff"]);
  });
});

test.each(["h2c", "websocket", "TLS/1.0"])(
  "a request to upgrade to %s is answered as any other",
  async (protocol) => {
    const url = await serve({});
    const upgrade = {
      connection: "Upgrade, HTTP2-Settings",
      upgrade: protocol,
      "http2-settings": "AAMAAABk",
    };
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(url, { headers: upgrade }, resolve).on("error", reject);
    });
    answer.resume();
    expect(answer.statusCode).toBe(200);
  },
);

// Found by npm run resilience: requests, seed 4, case 0
test("a connection lost in the middle of a body is no uncaught exception, and Next sees nothing of it", async () => {
  const handle = vi.fn(async (_request: http.IncomingMessage, response: http.ServerResponse) => {
    response.end();
  });
  const url = await serve({ handle });
  const uncaught = vi.fn();
  process.prependListener("uncaughtException", uncaught);
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  // Another request is answered meanwhile, so the first one has arrived.
  await fetch(`${url}/other`);
  socket.destroy();
  await fetch(`${url}/other`);
  process.off("uncaughtException", uncaught);
  expect(uncaught).not.toHaveBeenCalled();
  expect(handle.mock.calls.map(([request]) => request.url)).toEqual(["/other", "/other"]);
});

test("every answer has the security headers, a policy among them, unless Next sets them", async () => {
  const url = new URL(await serve({}));
  const expected = {
    "x-frame-options": "DENY",
    "content-security-policy": expect.stringContaining("default-src 'none'"),
  };
  expect(Object.fromEntries((await fetch(url)).headers)).toMatchObject(expected);
  const odd = await new Promise<http.IncomingMessage>((resolve) => {
    http.request(url, { headers: { expect: "nonsense" } }, resolve).end();
  });
  odd.resume();
  expect([odd.statusCode, odd.headers]).toMatchObject([417, expected]);
});

describe("the caller's address", () => {
  const echo: AppServerOptions["handle"] = async (request, response) => {
    const { headers } = request;
    response.end(
      `${headers["x-cauris-address"]} ${headers["x-forwarded-for"]} ${headers["x-forwarded-host"]}`,
    );
  };
  const claim = {
    "x-cauris-address": "198.51.100.1",
    "x-forwarded-for": "198.51.100.1, 203.0.113.9",
    "x-forwarded-host": "other.example",
  };

  test("is the socket's, whatever headers the caller sends", async () => {
    const answer = await fetch(await serve({ handle: echo }), { headers: claim });
    expect(await answer.text()).toBe("127.0.0.1 127.0.0.1 undefined");
  });

  test("behind one proxy of ours is the one that it saw", async () => {
    const answer = await fetch(await serve({ handle: echo, trustedProxies: 1 }), { headers: claim });
    expect(await answer.text()).toBe("203.0.113.9 198.51.100.1, 203.0.113.9 undefined");
  });
});

test("whether people come by https is ours to say, behind a proxy too, and no caller's Forwarded gets through", async () => {
  const handle: AppServerOptions["handle"] = async ({ headers }, response) => {
    response.end(
      JSON.stringify([headers["x-forwarded-proto"], headers["x-forwarded-port"], headers.forwarded]),
    );
  };
  const url = await serve({ handle, trustedProxies: 1, isHttps: true });
  const claim = {
    "x-forwarded-proto": "http",
    "x-forwarded-port": "1",
    forwarded: "for=x;host=other.example",
  };
  expect(await (await fetch(url, { headers: claim })).json()).toEqual(["https", null, null]);
});

describe("the API server in front of Next", () => {
  test("answers before Next, with body, status, cookies and headers", async () => {
    const url = await serve({
      apiServer: {
        has: (path) => path === "/x",
        answer: async (request) => {
          const headers = new Headers({ "content-type": "text/plain" });
          headers.append("set-cookie", "a=1");
          headers.append("set-cookie", "b=2");
          return new Response(`got ${await request.text()}`, { status: 201, headers });
        },
      },
    });
    const answer = await fetch(`${url}/x`, { method: "POST", body: "ping" });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("got ping");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("that doesn't have the path leaves the whole body to Next", async () => {
    const url = await serve({
      apiServer: { has: () => false, answer: () => Promise.reject(new Error("not mine")) },
      handle: async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        response.end(body);
      },
    });
    const body = "x".repeat(60_000);
    expect(await (await fetch(url, { method: "POST", body })).text()).toBe(body);
  });

  test.each([
    ["/api/unknown", 404],
    ["/webhook/unknown/", 404],
    ["/api/auth/csrf", 204],
    ["/apiary", 204],
  ])("answers %s itself unless it is a page's or next-auth's: %i", async (path, status) => {
    const url = await serve({
      apiServer: { has: () => false, answer: () => Promise.reject(new Error("not mine")) },
      handle: async (_request, response) => {
        response.statusCode = 204;
        response.end();
      },
    });
    expect((await fetch(url + path, { method: "POST", body: "x" })).status).toBe(status);
  });

  test("that fails is a 500 that says nothing of the failure", async () => {
    const answer = await fetch(
      await serve({ apiServer: { has: () => true, answer: () => Promise.reject(new Error("secret")) } }),
    );
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("secret");
  });
});

test("a stop finishes what runs and takes nothing new", async () => {
  let release: () => void = () => {};
  let entered: () => void = () => {};
  const running = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const url = await serve({
    handle: async (_request, response) => {
      entered();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      response.end("done");
    },
  });
  const slow = fetch(url);
  await running;
  const stopped = stopServer();
  await expect(fetch(url)).rejects.toThrow();
  release();
  expect(await (await slow).text()).toBe("done");
  await stopped;
});

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
