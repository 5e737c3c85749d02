import { afterAll, describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { overrideProviders } from "@/lib/providers/registry";

const nextAuth = vi.hoisted(() => async () => new Response("next-auth", { status: 418 }));
vi.mock("@/lib/auth/auth", () => ({ handlers: { GET: nextAuth, POST: nextAuth } }));

await useDatabase();
overrideProviders([createFakeProvider("getmipay")]);
const { stopApi } = await import("@/lib/api/process-api");
const auth = await import("@/app/api/auth/[...nextauth]/route");
const api = await import("@/app/api/[...rest]/route");
const webhook = await import("@/app/webhook/[...rest]/route");
afterAll(async () => {
  overrideProviders(null);
  await stopApi();
});

const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
type Handlers = Record<(typeof METHODS)[number], (request: never) => Promise<Response>>;

async function answerOf(handlers: Handlers, method: (typeof METHODS)[number], path: string) {
  const request = new Request(`http://localhost:3000${path}`, { method });
  return await handlers[method](request as never);
}

/** Deployments that run Next without our server in front reach the JSON API and the webhooks by these route files. */
describe("Next's route files", () => {
  it.each(METHODS)("answer %s below /api and /webhook from the API's table", async (method) => {
    for (const [handlers, path, allowed] of [
      [auth, "/api/auth/refresh", "POST"],
      [auth, "/api/auth/refresh/", "POST"],
      [api, "/api/wallet/transfer", "POST"],
      [api, "/api/wallet/transfer/", "POST"],
      [webhook, "/webhook/getmipay", "POST"],
      [webhook, "/webhook/getmipay/", "POST"],
    ] as const) {
      const { status } = await answerOf(handlers, method, path);
      if (method === "OPTIONS") expect(status, path).toBe(204);
      else if (method !== allowed) expect(status, path).toBe(405);
      else expect([400, 401, 415, 422], path).toContain(status);
    }
  });

  it.each(METHODS)("answer %s for what isn't in the table with 404 in JSON", async (method) => {
    for (const [handlers, path] of [
      [api, "/api/nowhere"],
      [webhook, "/webhook/nowhere"],
    ] as const) {
      const response = await answerOf(handlers, method, path);
      expect([response.status, await response.json()]).toEqual([
        404,
        expect.objectContaining({ code: "not_found" }),
      ]);
    }
  });

  it("leave every other address below /api/auth to next-auth, by the methods that it takes", async () => {
    const statuses = await Promise.all(
      METHODS.map(async (method) => [method, (await answerOf(auth, method, "/api/auth/session")).status]),
    );
    expect(Object.fromEntries(statuses)).toEqual({
      GET: 418,
      HEAD: 418,
      POST: 418,
      OPTIONS: 404,
      PUT: 404,
      PATCH: 404,
      DELETE: 404,
    });
  });
});
