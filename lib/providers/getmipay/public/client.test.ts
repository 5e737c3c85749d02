import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Script, type ScriptedServer, startScriptedServer } from "@/e2e/support/scripted-http-server";
import { parseSettings } from "@/lib/parse-settings";
import { getMiPayManifest } from "../manifest";
import { createPublicClient, type PublicClientOptions } from "./client";

const keys = {
  GETMIPAY_DIALECT: "public",
  GETMIPAY_API_KEY: "gmp_pk_client",
  GETMIPAY_SECRET_KEY: "gmp_sk_client_0123456789",
  GETMIPAY_WEBHOOK_SECRET: "wh_secret_client_0123456789",
};
const authAnswer = readFileSync(new URL("../fixtures/public-auth.json", import.meta.url), "utf8");
const { token: TOKEN } = JSON.parse(authAnswer).data;
const NOW = Date.parse("2026-11-22T12:00:00Z");

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

function createClient(options: PublicClientOptions = {}) {
  const config = parseSettings(getMiPayManifest.settings, {
    ...keys,
    GETMIPAY_API_URL: `${server.url}/api/v1/`,
  });
  return createPublicClient(config, { now: () => NOW, ...options });
}

/** Answers the call for a token with `auth` and everything else with `rest`. */
function script(auth: Script, rest: Script): void {
  server.script(({ path }) => (path === "/api/v1/action/auth" ? auth : rest));
}

const GOOD: Script = { status: 200, body: authAnswer };
const YES: Script = { status: 200, body: { success: true } };
const call = {
  path: "/payins",
  body: { amount: 5000 },
  headers: { service: "5", operation: "2" },
  again: true,
};
const paths = () => server.requests.map(({ path }) => path.replace("/api/v1", ""));

describe("a token", () => {
  it("is had for the key pair, and goes with the call and its headers", async () => {
    script(GOOD, YES);
    expect(await createClient().post(call)).toEqual({ status: 200, body: '{"success":true}' });
    expect(paths()).toEqual(["/action/auth", "/payins"]);
    const [auth, payin] = server.requests;
    expect(JSON.parse(auth?.body ?? "")).toEqual({
      public_apikey: "gmp_pk_client",
      private_secretkey: "gmp_sk_client_0123456789",
    });
    expect(auth?.headers.authorization).toBeUndefined();
    expect(payin?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, service: "5", operation: "2" });
    expect(payin?.body).toBe('{"amount":5000}');
  });

  it("is kept until shortly before it ends, and ten who need one at once ask for one", async () => {
    script(GOOD, YES);
    let now = NOW;
    const client = createClient({ now: () => now });
    await Promise.all(Array.from({ length: 10 }, () => client.post(call)));
    now = Date.parse("2026-11-23T11:54:00Z");
    await client.post(call);
    expect(paths().filter((path) => path === "/action/auth")).toHaveLength(1);
    now = Date.parse("2026-11-23T11:56:00Z");
    await client.post(call);
    expect(paths().filter((path) => path === "/action/auth")).toHaveLength(2);
  });

  it.each([
    ["seconds since 1970", NOW / 1000 + 3600, 3600],
    ["milliseconds since 1970", NOW + 3_600_000, 3600],
    ["nothing", undefined, 12 * 3600],
    ["a text that is no time", "tomorrow", 12 * 3600],
    ["a week", "2026-11-29T12:00:00Z", 24 * 3600],
  ])("with the expiry %s, a token is kept no longer", async (_, expiry, seconds) => {
    script({ status: 200, body: { success: true, data: { token: TOKEN, expires_at: expiry } } }, YES);
    let now = NOW;
    const client = createClient({ now: () => now });
    const authCalls = async (after: number) => {
      now = NOW + after * 1000;
      await client.post(call);
      return paths().filter((path) => path === "/action/auth").length;
    };
    expect(await authCalls(0)).toBe(1);
    expect(await authCalls(seconds - 301)).toBe(1);
    expect(await authCalls(seconds - 299)).toBe(2);
  });

  it.each<[string, Script, string]>([
    ["refused keys", { status: 401, body: { success: false, message: "Invalid API keys" } }, "unavailable"],
    ["a no", { status: 422, body: { success: false, message: "wrong" } }, "unavailable"],
    ["a page", { status: 200, body: "<html>" }, "unavailable"],
    ["no token in it", { status: 200, body: { success: true, data: {} } }, "unavailable"],
    [
      "a token that is no header",
      { status: 200, body: { success: true, data: { token: "a\r\nb: c" } } },
      "unavailable",
    ],
    ["500", { status: 500 }, "unavailable"],
    ["silence", "hang", "unavailable"],
    ["a cut connection", "reset", "unavailable"],
    ["429", { status: 429 }, "rate_limited"],
  ])("when fetching one ends in %s, the call wasn't sent: never outcome_unknown", async (_, auth, kind) => {
    script(auth, YES);
    await expect(createClient({ callTimeoutMs: 200 }).post(call)).rejects.toMatchObject({ kind });
    expect(paths()).toEqual(["/action/auth"]);
  });
});

describe("a token that is refused", () => {
  const held = { value: "revoked-token", expiresAt: Number.MAX_SAFE_INTEGER };
  const refuseHeld = () =>
    server.script(({ path, headers }) => {
      if (path === "/api/v1/action/auth") return GOOD;
      return headers.authorization === "Bearer revoked-token" ? { status: 401 } : YES;
    });

  it("is replaced, and the call made once more", async () => {
    refuseHeld();
    expect((await createClient({ token: held }).post(call)).status).toBe(200);
    expect(paths()).toEqual(["/payins", "/action/auth", "/payins"]);
  });

  it("is replaced only for the next call where nothing may be sent twice", async () => {
    refuseHeld();
    const client = createClient({ token: held });
    expect((await client.post({ ...call, path: "/payouts", again: false })).status).toBe(401);
    expect(paths()).toEqual(["/payouts"]);
    expect((await client.post({ ...call, path: "/payouts", again: false })).status).toBe(200);
    expect(paths()).toEqual(["/payouts", "/action/auth", "/payouts"]);
  });

  it("refused again with a new one, it is left at that", async () => {
    script(GOOD, { status: 401 });
    expect((await createClient().post(call)).status).toBe(401);
    expect(paths()).toEqual(["/action/auth", "/payins", "/action/auth", "/payins"]);
  });
});
