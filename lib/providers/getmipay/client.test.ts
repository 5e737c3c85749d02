import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScriptedServer, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { parseSettings } from "@/lib/parse-settings";
import { createClient } from "./client";
import { getMiPayManifest } from "./manifest";

const keys = {
  GETMIPAY_API_KEY: "pk_test_client",
  GETMIPAY_SECRET_KEY: "sk_test_client_0123456789",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_client_0123456789",
};

describe("a request to GetMiPay", () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterAll(() => server.close());

  it("carries the key, and a signature over the exact bytes that arrive", async () => {
    server.script({ status: 201, body: { ok: true } });
    const client = createClient(
      parseSettings(getMiPayManifest.settings, { ...keys, GETMIPAY_API_URL: `${server.url}/base/` }),
    );
    const answer = await client.post("/v1/payments/initiate", { user_id: "Zoé", amount: 5000 });
    expect(answer).toEqual({ status: 201, body: '{"ok":true}' });
    const request = server.requests[0];
    expect([request?.method, request?.path]).toEqual(["POST", "/base/v1/payments/initiate"]);
    expect(request?.headers.authorization).toBe("Bearer pk_test_client");
    const expected = createHmac("sha256", keys.GETMIPAY_SECRET_KEY)
      .update(request?.body ?? "")
      .digest("hex");
    expect(request?.headers["x-signature"]).toBe(expected);
    expect(request?.body).toBe('{"user_id":"Zoé","amount":5000}');
  });

  it("TLS to a server without TLS sends nothing: unavailable", async () => {
    const plain = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n", () => socket.destroy()));
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address();
    const port = typeof address === "object" ? address?.port : 0;
    const config = parseSettings(getMiPayManifest.settings, {
      ...keys,
      GETMIPAY_API_URL: `https://127.0.0.1:${port}`,
    });
    await expect(createClient(config).post("/v1/payouts/initiate", {})).rejects.toMatchObject({
      kind: "unavailable",
    });
    await new Promise((resolve) => plain.close(resolve));
  });
});
