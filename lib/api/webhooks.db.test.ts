import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { KEYS } from "@/e2e/support/getmipay-fixture";
import { PAYSTACK_KEY } from "@/e2e/support/paystack-fixture";
import { getMiPaySignature, paystackSignature } from "@/e2e/support/webhook-events";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/client-address";
import { verifyGetMiPayWebhook } from "@/lib/providers/getmipay/webhook";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import { overrideProviders } from "@/lib/providers/registry";
import { createApiLimits } from "./limits";
import { webhookRoute } from "./webhooks";

const { db } = await useDatabase();
const REFUSED_MAX = 5;

beforeAll(() =>
  overrideProviders([
    {
      ...createFakeProvider("getmipay"),
      verifyWebhook: (rawBody, headers, _calledAt, checks) =>
        verifyGetMiPayWebhook(rawBody, headers, KEYS.webhookSecret, checks),
    },
    {
      ...createFakeProvider("paystack"),
      verifyWebhook: (rawBody, headers) => verifyPaystackWebhook(rawBody, headers, PAYSTACK_KEY),
    },
  ]),
);
afterAll(() => overrideProviders(null));

const VENDORS = [
  { name: "getmipay", header: "x-signature", sign: getMiPaySignature, wrong: "0".repeat(64) },
  { name: "paystack", header: "x-paystack-signature", sign: paystackSignature, wrong: "0".repeat(128) },
] as const;

function createRoute(name: string, database: () => Database = () => db) {
  const limits = createApiLimits({ key: 1, account: 1, address: 1, refused: REFUSED_MAX, transfers: 1 });
  return webhookRoute(name, database, limits);
}

/** Many names at one level: slow to scan and to write again. */
function manyNames(count: number): string {
  const data = Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, []]));
  return JSON.stringify({ event: "x", data });
}

describe.each(VENDORS)("$name's webhook", ({ name, header, sign, wrong }) => {
  const post = (
    route: ReturnType<typeof webhookRoute>,
    body: string,
    signature: string,
    address = "203.0.113.7",
  ) =>
    route(
      new Request(`http://localhost/webhook/${name}`, {
        method: "POST",
        headers: {
          [header]: signature,
          [CLIENT_ADDRESS_HEADER]: address,
          "content-length": String(Buffer.byteLength(body)),
        },
        body,
      }),
    );

  it("answers 400 to wrong signatures, then 429 with Retry-After to their address alone", async () => {
    const route = createRoute(name);
    const body = JSON.stringify({ event: "x", data: {} });
    for (let count = 0; count < REFUSED_MAX; count += 1)
      expect((await post(route, body, wrong)).status).toBe(400);
    const refused = await post(route, body, wrong);
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await post(route, body, wrong, "203.0.113.8")).status).toBe(400);
    // A right signature is never refused for others' wrong ones.
    expect((await post(route, body, sign(body))).status).toBe(200);
    expect((await post(route, manyNames(4_000), wrong)).status).toBe(429);
  });

  it("refuses a body beyond the vendor's limit unread, and counts it", async () => {
    const route = createRoute(name);
    const body = manyNames(24_000);
    for (let count = 0; count < REFUSED_MAX; count += 1) {
      expect((await post(route, body, sign(body))).status).toBe(413);
    }
    expect((await post(route, body, sign(body))).status).toBe(429);
  });

  const streamed = (route: ReturnType<typeof webhookRoute>, body: ReadableStream, signature: string) =>
    route(
      new Request(`http://localhost/webhook/${name}`, {
        method: "POST",
        headers: { [header]: signature, [CLIENT_ADDRESS_HEADER]: "203.0.113.7" },
        body,
        duplex: "half",
      } as RequestInit),
    );

  it("takes a body that arrives slowly, which is no outage", async () => {
    const text = JSON.stringify({ event: "x", data: {} });
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 2_700));
        controller.enqueue(Buffer.from(text));
        controller.close();
      },
    });
    expect((await streamed(createRoute(name), body, sign(text))).status).toBe(200);
  });

  it("counts a body whose end never comes as a refusal", async () => {
    const route = createRoute(name);
    const broken = () =>
      new ReadableStream({
        start(controller) {
          controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
        },
      });
    for (let count = 0; count < REFUSED_MAX; count += 1) {
      expect((await streamed(route, broken(), wrong)).status).toBe(400);
    }
    expect((await streamed(route, broken(), wrong)).status).toBe(429);
  });

  it("parses nothing of a larger body whose signature is wrong", async () => {
    const route = createRoute(name);
    const body = manyNames(2_000);
    expect(Buffer.byteLength(body)).toBeGreaterThan(8 * 1024);
    const parse = JSON.parse;
    let parsed = 0;
    JSON.parse = (...parts: Parameters<typeof parse>) => {
      if (parts[0].length > 1_000) parsed += 1;
      return parse(...parts);
    };
    try {
      expect((await post(route, body, wrong)).status).toBe(400);
    } finally {
      JSON.parse = parse;
    }
    expect(parsed).toBe(0);
  });

  it.each([
    ["refuses connections", () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" }))],
    ["closes them", () => Promise.reject(Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" }))],
    ["doesn't answer", () => new Promise<never>(() => {})],
  ])("answers 503 with Retry-After within 3 seconds while the database %s", async (_, transaction) => {
    const route = createRoute(name, () => ({ transaction }) as unknown as Database);
    const body = JSON.stringify({ event: "x", data: {} });
    const startedAt = performance.now();
    const answer = await post(route, body, sign(body));
    expect([answer.status, (await answer.json()).code]).toEqual([503, "unavailable"]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
