import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GET } from "@/app/api/[...rest]/route";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { parseHtml } from "@/e2e/support/html";
import { createAppServer } from "@/lib/server/app-server";
import { API_CALLS, createApi } from "../route-table";
import type { Operation } from "./document-shape";
import { idOf } from "./operation-html";

const noDatabase = () => {
  throw new Error("no database");
};
const api = createApi(testDependencies(noDatabase));
const get = (path: string, headers: Record<string, string> = {}) =>
  api.answer(new Request(`http://localhost:3000${path}`, { headers }));

describe("the document's address", () => {
  test("answers with the document, with and without a trailing slash", async () => {
    for (const path of ["/api/openapi.json", "/api/openapi.json/"]) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(await answer.json()).toMatchObject({
        openapi: "3.1.0",
        servers: [{ url: "http://localhost:3000" }],
      });
    }
  });

  test("is compressed for clients that accept it, and answered with 304 to those that have it", async () => {
    const plain = await get("/api/openapi.json", { "accept-encoding": "br, gzip;q=0" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    const gzipped = await get("/api/openapi.json", { "accept-encoding": "gzip, br" });
    expect(gzipped.headers.get("content-encoding")).toBe("gzip");
    expect(gzipped.headers.get("vary")).toContain("Accept-Encoding");
    expect(gunzipSync(await gzipped.arrayBuffer()).toString()).toBe(await plain.text());
    const etag = gzipped.headers.get("etag") ?? "";
    expect(etag).not.toBe(plain.headers.get("etag"));
    const again = await get("/api/openapi.json", {
      "accept-encoding": "gzip",
      "if-none-match": `"x", W/${etag}`,
    });
    expect(again.status).toBe(304);
    expect(again.headers.get("etag")).toBe(etag);
    expect(await again.text()).toBe("");
    expect((await get("/api/openapi.json", { "if-none-match": '"old"' })).status).toBe(200);
  });
});

test("compressed bytes arrive whole through our own server", async () => {
  const handle = () => Promise.reject(new Error("not Next's"));
  const options = {
    host: "127.0.0.1",
    port: 0,
    isHttps: false,
    trustedProxies: 0,
    postsPerMinute: 1_000,
    apiServer: api,
    handle,
  };
  const server = createAppServer(options);
  await server.listen();
  const ask = (path: string) => fetch(`http://127.0.0.1:${server.port()}${path}`);
  // fetch asks for gzip by itself, and undoes it.
  for (const path of ["/api/openapi.json", "/api/docs", "/api/docs/start.js"]) {
    const [given, answer] = [await get(path), await ask(path)];
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(await answer.text()).toBe(await given.text());
  }
  await server.stop();
});

test("is handed to Next uncompressed, since Next compresses itself and drops Content-Encoding", async () => {
  const headers = { "accept-encoding": "gzip" };
  const answer = await GET(new Request("http://localhost:3000/api/docs/start.js", { headers }));
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(await answer.text()).toContain("form.try");
});

describe("the page", () => {
  test("runs nothing inline and loads nothing from elsewhere", async () => {
    const answer = await get("/api/docs");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const html = await answer.text();
    const page = parseHtml(html);
    for (const script of page.querySelectorAll("script")) {
      expect(script.getAttribute("src")).toMatch(/^\/api\/docs\//);
    }
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]/);
    for (const element of page.querySelectorAll("[src], [href]")) {
      expect(element.getAttribute("src") ?? element.getAttribute("href")).toMatch(/^\/(?!\/)/);
    }
  });

  test("shows every operation of the document with its parameters, fields and errors, without JavaScript", async () => {
    const page = parseHtml(await (await get("/api/docs/")).text());
    const document = await (await get("/api/openapi.json")).json();
    const operations = Object.values<Record<string, Operation>>(document.paths).flatMap(
      Object.values<Operation>,
    );
    expect(page.querySelectorAll("details.call")).toHaveLength(operations.length);
    for (const operation of operations) {
      const text = page.querySelector(`#${idOf(operation)}`)?.textContent ?? "";
      for (const { name } of operation.parameters ?? []) expect(text).toContain(name);
      for (const [status, { content }] of Object.entries(operation.responses)) {
        expect(text).toContain(status);
        for (const code of Object.keys(content?.["application/json"]?.examples ?? {}))
          expect(text).toContain(code);
      }
    }
    const deposit = page.querySelector("#operations-Wallet-postWalletDeposit")?.textContent;
    expect(deposit).toContain("amount required");
  });

  test("labels every control, and says how heavy it may be: 40 kB, where Swagger UI needed 504", async () => {
    const gzipped = await get("/api/docs", { "accept-encoding": "gzip" });
    const page = parseHtml(await (await get("/api/docs")).text());
    for (const control of page.querySelectorAll("input, textarea, select")) {
      expect(page.querySelector(`label[for="${control.id}"]`)?.textContent).toBeTruthy();
    }
    const files = await Promise.all(
      ["start.js", "page.css"].map(async (name) =>
        (await get(`/api/docs/${name}`, { "accept-encoding": "gzip" })).arrayBuffer(),
      ),
    );
    const sizes = [await gzipped.arrayBuffer(), ...files].map(({ byteLength }) => byteLength);
    expect(sizes.reduce((one, other) => one + other)).toBeLessThan(40_000);
  });

  test("lists every call without JavaScript, and says what needs it", async () => {
    const html = await (await get("/api/docs/")).text();
    for (const { method, path, summary } of API_CALLS) {
      expect(html).toContain(`<b>${method}</b> ${path}`);
      expect(html).toContain(
        summary.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
      );
    }
    expect(html).toContain('href="/api/openapi.json"');
    expect(html).toMatch(/<noscript>.*JavaScript/);
  });

  test("has files that are cached for ever under their version, and briefly under another", async () => {
    const html = await (await get("/api/docs")).text();
    const files = [...html.matchAll(/="(\/api\/docs\/[^"]+)"/g)].map(([, address = ""]) => address);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const answer = await get(file);
      expect(answer.status, file).toBe(200);
      expect(answer.headers.get("cache-control")).toContain("immutable");
      expect(answer.headers.get("content-type")).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect((await get(file.replace(/v=.*/, "v=old"))).headers.get("cache-control")).toBe("no-cache");
    }
  });

  test.each([
    "package.json",
    "index.html",
    "page.ts",
    "../routes.ts",
    "..%2fpackage.json",
    "%2e%2e%2f%2e%2e%2fpackage.json",
    "constructor",
  ])("has no file %s", async (name) => {
    const answer = await get(`/api/docs/${name}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not_found" });
  });
});
