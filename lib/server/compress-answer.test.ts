import http from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import type { AppServerOptions } from "./app-server";
import { BROTLI_STREAMS_MAX, chooseEncoding } from "./compress-answer";

afterEach(stopServer);

const PAGE = `<p>${"savings of the tontine ".repeat(500)}</p>`;

function get(url: string, accepted: string, method = "GET") {
  return new Promise<{ headers: http.IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    http
      .request(url, { method, headers: { "accept-encoding": accepted } }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve({ headers: answer.headers, body: Buffer.concat(chunks) });
      })
      .on("error", reject)
      .end();
  });
}

const page =
  (headers: Record<string, string>): AppServerOptions["handle"] =>
  async (_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(PAGE);
  };

const HTML = { "content-type": "text/html; charset=utf-8", "content-length": String(PAGE.length) };

describe("what browsers take", () => {
  test.each([
    ["gzip, deflate, br", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["gzip;q=0", null],
    ["", null],
    [undefined, null],
  ])("%j: %s", (accepted, encoding) => {
    expect(chooseEncoding(accepted)).toBe(encoding);
  });
});

describe("an answer of Next", () => {
  test("is compressed by brotli, or by gzip, and as it is for others", async () => {
    const url = await serve({ handle: page(HTML) });
    const [brotli, gzip, plain] = [await get(url, "gzip, br"), await get(url, "gzip"), await get(url, "")];
    expect(brotli.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(PAGE);
    expect(gunzipSync(gzip.body).toString()).toBe(PAGE);
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
    expect([plain.headers["content-encoding"], plain.body.toString()]).toEqual([undefined, PAGE]);
  });

  test("says that it depends on Accept-Encoding wherever it may, compressed or not", async () => {
    const TEXT = { "content-type": "text/html" };
    const vary = async (headers: Record<string, string>, accepted: string, status = 200, set = "") => {
      const url = await serve({
        handle: async (_request, response) => {
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          if (set !== "") response.setHeader("vary", set);
          response.writeHead(status);
          response.end(status === 304 ? undefined : "short");
        },
      });
      const answer = await get(url, accepted);
      await stopServer();
      return answer.headers.vary;
    };
    expect(await vary(TEXT, "")).toBe("Accept-Encoding");
    expect(await vary(TEXT, "br")).toBe("Accept-Encoding");
    expect(await vary({}, "br", 304)).toBe("Accept-Encoding");
    expect(await vary(TEXT, "br", 200, "rsc, Accept-Encoding")).toBe("rsc, Accept-Encoding");
    expect(await vary(TEXT, "br", 200, "rsc")).toBe("rsc, Accept-Encoding");
    expect(await vary({ "content-type": "image/png" }, "br")).toBeUndefined();
  });

  test("is gzip while too many are compressed by brotli, and brotli again afterwards", async () => {
    const ends: (() => void)[] = [];
    const url = await serve({
      handle: async (request, response) => {
        response.setHeader("content-type", "text/html");
        response.flushHeaders();
        if (request.url === "/held") await new Promise<void>((resolve) => ends.push(resolve));
        response.end(PAGE);
      },
    });
    const headers = { "accept-encoding": "br, gzip" };
    const held = await Promise.all(
      Array.from({ length: BROTLI_STREAMS_MAX }, () => fetch(`${url}/held`, { headers })),
    );
    expect((await get(url, "br, gzip")).headers["content-encoding"]).toBe("gzip");
    for (const end of ends) end();
    await Promise.all(held.map((answer) => answer.text()));
    expect((await get(url, "br, gzip")).headers["content-encoding"]).toBe("br");
  });

  test("that is streamed arrives in its parts", async () => {
    const parts = Array.from({ length: 50 }, (_, index) => `${index} ${PAGE}`);
    const url = await serve({
      handle: async (_request, response) => {
        response.setHeader("content-type", "text/html");
        response.flushHeaders();
        for (const part of parts) {
          if (!response.write(part)) await new Promise((resolve) => response.once("drain", resolve));
          (response as typeof response & { flush(): void }).flush();
        }
        response.end();
      },
    });
    expect(brotliDecompressSync((await get(url, "br")).body).toString()).toBe(parts.join(""));
  });

  test.each<[string, Record<string, string>]>([
    ["an event stream", { "content-type": "text/event-stream" }],
    ["a picture", { "content-type": "image/png" }],
    ["what may not be transformed", { "content-type": "text/html", "cache-control": "no-transform" }],
    ["what is compressed already", { "content-type": "text/html", "content-encoding": "zstd" }],
  ])("stays as it is where it is %s", async (_name, headers) => {
    const url = await serve({ handle: page(headers) });
    expect((await get(url, "br, gzip")).body.toString()).toBe(PAGE);
  });
});
