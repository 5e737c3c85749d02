import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { collectionRequest, payoutRequest } from "@/e2e/support/contract-subject";
import { type ScriptedServer, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "..";
import { getMiPayManifest } from "../manifest";
import { createPublicGetMiPay } from ".";
import { readProof } from "./callback";

const keys = {
  GETMIPAY_API_KEY: "gmp_pk_adapter",
  GETMIPAY_SECRET_KEY: "gmp_sk_adapter_0123456789",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_adapter_0123456789",
  GETMIPAY_SERVICES: "wave:BF:in=21,orange_money:BF:out=5",
};
const token = { value: "token-of-the-adapter", expiresAt: Number.MAX_SAFE_INTEGER };
const names = { transaction_reference: "MPAYIN_1", soleaspay_reference: "MLS1" };

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

const configOf = (dialect: string) =>
  parseSettings(getMiPayManifest.settings, {
    ...keys,
    GETMIPAY_DIALECT: dialect,
    GETMIPAY_API_URL: server.url,
  });
const createAdapter = () => createPublicGetMiPay(configOf("public"), { token });

it("the configuration chooses the dialect, and each says what it can do", () => {
  const seed = createGetMiPay(configOf("v1")).capabilities;
  expect(seed).toMatchObject({ signedWebhooks: true, queriesCollections: false, queriesPayouts: false });
  const { methods, ...rest } = createGetMiPay(configOf("public")).capabilities;
  expect(rest).toMatchObject({
    signedWebhooks: false,
    queriesCollections: true,
    queriesPayouts: true,
    payoutReferenceIsIdempotent: false,
  });
  expect(methods.map(({ method, country, direction }) => `${method} ${country} ${direction}`)).toEqual([
    "wave BF in",
    "orange_money BF out",
  ]);
});

it("a pay-in is operation 2 of its service, with the reference's HMAC in its callback URL", async () => {
  server.script({ status: 200, body: { success: true, data: names } });
  await createAdapter().createCollection(collectionRequest);
  const [request] = server.requests;
  expect(request?.path).toBe("/payins");
  expect(request?.headers).toMatchObject({ operation: "2", service: "21" });
  const address = new URL(JSON.parse(request?.body ?? "").callback_url);
  expect(readProof(address, keys.GETMIPAY_WEBHOOK_SECRET)).toBe(collectionRequest.reference);
});

it("a payout is operation 4 of its service", async () => {
  server.script({ status: 200, body: { success: true, data: names } });
  await createAdapter().createPayout(payoutRequest);
  expect(server.requests[0]?.path).toBe("/payouts");
  expect(server.requests[0]?.headers).toMatchObject({ operation: "4", service: "5" });
});

it("a payout whose token is refused isn't sent again: unavailable", async () => {
  server.script({ status: 401, body: { success: false, message: "Unauthenticated" } });
  await expect(createAdapter().createPayout(payoutRequest)).rejects.toMatchObject({ kind: "unavailable" });
  expect(server.requests.map(({ path }) => path)).toEqual(["/payouts"]);
});

it("a method that no service does, or in the other direction, is declined and nothing is sent", async () => {
  const adapter = createAdapter();
  for (const call of [
    adapter.createPayout({ ...payoutRequest, method: "wave" }),
    adapter.createCollection({ ...collectionRequest, method: "orange_money" }),
    adapter.createCollection({ ...collectionRequest, phone: "+2250701020304" }),
  ]) {
    await expect(call).rejects.toMatchObject({ kind: "declined", providerCode: "unsupported_method" });
  }
  expect(server.requests).toEqual([]);
});

it("a refused query is unavailable", async () => {
  server.script({ status: 422, body: { success: false, message: "The wallet field is invalid" } });
  const query = createAdapter().getPayout(payoutRequest.reference, "MPAYOUT_1/MLS1");
  await expect(query).rejects.toMatchObject({ kind: "unavailable", providerCode: "http_422" });
});
