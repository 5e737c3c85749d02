import { afterAll, expect, it, vi } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { credentialChecks, stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { issueLocalToken } from "../auth/issue-local-token";
import { createApi } from "../route-table";

const logged = vi.hoisted(() => [] as unknown[]);
vi.mock("@/lib/log", () => {
  const write = (...line: unknown[]) => void logged.push(line);
  return { log: { info: write, warn: write, error: write, debug: write } };
});

const { db, owner } = await useDatabase();
const api = createApi(
  testDependencies(
    () => db,
    credentialChecks(() => db),
  ),
);
afterAll(() => stopCredentialChecks(() => db));

type Headers = Record<string, string>;

async function call(method: string, path: string, headers: Headers, body?: unknown) {
  const response = await api.answer(
    new Request(`http://localhost:3000${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  return { status: response.status, body: await response.json() };
}

async function person() {
  const user = await createUser(db);
  return { user, headers: { authorization: `Bearer ${await issueLocalToken(db, user.email)}` } };
}

const ASKED = { name: "wallet-service", permissions: ["deposit", "transfer", "read"], expiry: "1M" };
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

it("creates, lists and revokes with the contract's fields and words", async () => {
  const { headers } = await person();
  const created = await call("POST", "/api/keys/create", headers, ASKED);
  expect(created).toEqual({
    status: 200,
    body: {
      api_key: expect.stringMatching(/^sk_live_[\w-]{49}$/),
      expires_at: expect.stringMatching(INSTANT),
      name: "wallet-service",
      permissions: ["deposit", "transfer", "read"],
    },
  });
  const listed = await call("GET", "/api/keys/list/", headers);
  expect(listed.body).toEqual([
    {
      id: expect.any(Number),
      name: "wallet-service",
      prefix: created.body.api_key.slice(0, 12),
      permissions: ["deposit", "transfer", "read"],
      expires_at: created.body.expires_at,
      is_revoked: false,
      is_expired: false,
      is_active: true,
      created_at: expect.stringMatching(INSTANT),
      last_used_at: null,
    },
  ]);
  const revoked = await call("POST", "/api/keys/revoke", headers, { key_id: listed.body[0].id });
  expect(revoked).toEqual({ status: 200, body: { message: "API key revoked successfully" } });
  expect((await call("GET", "/api/keys/list", headers)).body[0]).toMatchObject({
    is_revoked: true,
    is_active: false,
  });
});

it("a revoked key is refused at the next request", async () => {
  const { headers } = await person();
  const { body } = await call("POST", "/api/keys/create", headers, { ...ASKED, permissions: ["read"] });
  const withKey = { "x-api-key": body.api_key };
  expect((await call("GET", "/api/wallet/balance", withKey)).status).toBe(200);
  expect((await call("GET", "/api/wallet/balance", withKey)).status).toBe(200);
  const [key] = (await call("GET", "/api/keys/list", headers)).body;
  await call("POST", "/api/keys/revoke", headers, { key_id: String(key.id) });
  expect(await call("GET", "/api/wallet/balance", withKey)).toMatchObject({
    status: 401,
    body: { detail: "Invalid, expired or revoked API key", code: "unauthenticated" },
  });
});

it("rolls an expired key over once, by an id as number or as text", async () => {
  const { user, headers } = await person();
  for (const asText of [true, false]) {
    const { keyId } = await insertExpiredKey(owner, user.userId);
    const asked = { expired_key_id: asText ? `${keyId}` : Number(keyId), expiry: "1M" };
    expect(await call("POST", "/api/keys/rollover", headers, asked)).toEqual({
      status: 200,
      body: {
        api_key: expect.stringMatching(/^sk_live_[\w-]{49}$/),
        expires_at: expect.stringMatching(INSTANT),
        name: "old one",
        permissions: ["read", "deposit"],
      },
    });
    expect(await call("POST", "/api/keys/rollover", headers, asked)).toMatchObject({
      status: 400,
      body: { code: "key_replaced" },
    });
  }
});

it("refuses with the contract's words", async () => {
  const { user, headers } = await person();
  const revoked = await insertExpiredKey(owner, user.userId, { revoked: true });
  for (let made = 0; made < 5; made += 1) await call("POST", "/api/keys/create", headers, ASKED);
  const [live] = (await call("GET", "/api/keys/list", headers)).body;
  const expired = await insertExpiredKey(owner, user.userId);
  const roll = (id: bigint | number | string) =>
    call("POST", "/api/keys/rollover", headers, { expired_key_id: String(id), expiry: "1D" });
  expect(await call("POST", "/api/keys/create", headers, ASKED)).toMatchObject({
    status: 400,
    body: { detail: "Maximum of 5 active API keys allowed", code: "key_limit_reached" },
  });
  expect(await roll(live.id)).toMatchObject({
    status: 400,
    body: { detail: "Can only rollover expired keys" },
  });
  expect(await roll(revoked.keyId)).toMatchObject({ status: 400, body: { code: "key_revoked" } });
  expect(await roll(expired.keyId)).toMatchObject({ status: 400, body: { code: "key_limit_reached" } });
  const other = await person();
  for (const id of [live.id, 999_999_999]) {
    expect(await call("POST", "/api/keys/revoke", other.headers, { key_id: id })).toMatchObject({
      status: 404,
      body: { detail: "Not found", code: "not_found" },
    });
  }
});

it("keys can't manage keys, whatever they permit; nor can anonymous callers", async () => {
  const { headers } = await person();
  const permissions = ["deposit", "transfer", "read", "withdraw"];
  const { body } = await call("POST", "/api/keys/create", headers, { ...ASKED, permissions });
  const calls: [string, string, unknown][] = [
    ["POST", "/api/keys/create", ASKED],
    ["GET", "/api/keys/list", undefined],
    ["POST", "/api/keys/revoke", { key_id: 1 }],
    ["POST", "/api/keys/rollover", { expired_key_id: "1", expiry: "1D" }],
    ["GET", "/api/auth/me", undefined],
    ["POST", "/api/auth/logout", undefined],
  ];
  for (const [method, path, asked] of calls) {
    const credentials: Headers[] = [
      {},
      { "x-api-key": body.api_key },
      { authorization: `Bearer ${body.api_key}` },
    ];
    for (const credential of credentials) {
      expect((await call(method, path, credential, asked)).status, path).toBe(401);
    }
  }
});

it.each([
  ["/api/keys/create", { ...ASKED, permissions: ["admin"] }, "permissions.0"],
  ["/api/keys/create", { ...ASKED, expiry: "30D" }, "expiry"],
  ["/api/keys/create", { ...ASKED, name: "" }, "name"],
  ["/api/keys/revoke", {}, "key_id"],
  ["/api/keys/revoke", { key_id: 1.5 }, "key_id"],
  ["/api/keys/revoke", { key_id: -1 }, "key_id"],
  ["/api/keys/revoke", { key_id: "1; drop table api_keys" }, "key_id"],
  ["/api/keys/revoke", { key_id: "9".repeat(30) }, "key_id"],
  ["/api/keys/rollover", { expired_key_id: "1" }, "expiry"],
])("%s names a wrong field (%#)", async (path, asked, field) => {
  const { headers } = await person();
  const answer = await call("POST", path, headers, asked);
  expect([answer.status, answer.body.fields?.[0]?.field]).toEqual([422, field]);
});

it("no key was ever logged", () => {
  expect(logged.length).toBeGreaterThan(5);
  expect(JSON.stringify(logged, (_, v) => (typeof v === "bigint" ? `${v}` : v))).not.toMatch(
    /sk_live_[\w-]{5}|eyJ[\w-]{10}/,
  );
});
