import http from "node:http";
import net from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import { onRequestError } from "@/instrumentation";
import { markActionEnded, markActionReached, setResponseStatus } from "@/lib/http/response-status";
import type { AppServerOptions } from "./app-server";

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

  test("is a 400 where Next can't decode the rest of a form whose action had answered", async () => {
    const url = await serve({
      handle: async (request, response) => {
        markActionReached();
        if (request.url === "/ended") markActionEnded();
        await reporting(new Error("Unexpected end of form"))(request, response);
      },
    });
    expect((await fetch(`${url}/ended`, posted)).status).toBe(400);
    expect((await fetch(`${url}/running`, posted)).status).toBe(500);
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
