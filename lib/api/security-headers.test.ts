import { NextRequest } from "next/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { securityHeaders } from "@/lib/http/security-headers";
import { type AppServer, createAppServer } from "@/lib/server/app-server";
import { proxy } from "@/proxy";
import { createApi } from "./route-table";

const noDatabase = () => {
  throw new Error("no database");
};
const dependencies = testDependencies(noDatabase);
const everyone = Object.entries(securityHeaders(false));

let server: AppServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  vi.unstubAllEnvs();
});

const requests: [string, string, RequestInit][] = [
  ["an answer", "/api/health/live", {}],
  ["an error", "/api/wallet/balance", {}],
  ["another method", "/api/wallet/balance", { method: "POST" }],
  ["a preflight", "/api/wallet/balance", { method: "OPTIONS", headers: { origin: "https://app.example" } }],
  ["HEAD", "/api/health/live", { method: "HEAD" }],
  ["a page", "/api/docs", {}],
  ["a webhook asked with GET", "/webhook/getmipay/", {}],
];

describe("every answer has the security headers:", () => {
  test.each(requests)("%s, in front of Next", async (_what, path, init) => {
    const apiServer = createApi(dependencies);
    const handle = () => Promise.reject(new Error("not Next's"));
    server = createAppServer({
      host: "127.0.0.1",
      port: 0,
      isHttps: false,
      trustedProxies: 0,
      postsPerMinute: 1_000,
      apiServer,
      handle,
    });
    await server.listen();
    const answer = await fetch(`http://127.0.0.1:${server.port()}${path}`, init);
    for (const [name, value] of everyone) expect(answer.headers.get(name), name).toBe(value);
  });

  test.each(requests)("%s, behind Next", async (_what, path, init) => {
    const { signal: _none, ...plain } = init;
    const passed = proxy(new NextRequest(`http://localhost:3000${path}`, plain));
    for (const [name, value] of everyone) expect(passed.headers.get(name), name).toBe(value);
    const answer = await createApi(dependencies).answer(new Request(`http://localhost:3000${path}`, init));
    // Next adds a header up when the two differ; the same value is sent once.
    for (const [name, value] of everyone) expect(answer.headers.get(name), name).toBe(value);
  });
});

test("Strict-Transport-Security is sent on https only", async () => {
  const ask = (baseUrl: string) =>
    createApi({ ...dependencies, baseUrl }).answer(new Request("http://localhost:3000/api/health/live"));
  expect((await ask("https://cauris.example")).headers.get("strict-transport-security")).toContain(
    "max-age=",
  );
  expect((await ask("http://localhost:3000")).headers.get("strict-transport-security")).toBeNull();
});

test("CORS headers of an allowed origin stay", async () => {
  const headers = { origin: "https://app.example" };
  const request = new Request("http://localhost:3000/api/health/live", { headers });
  const answer = await createApi(dependencies).answer(request);
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
});
