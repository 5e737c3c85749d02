import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { insertExpiredKey } from "@/e2e/support/credentials";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { signAccessToken } from "@/lib/auth/access-token";
import { credentialChecks, stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { tokenSettings } from "@/lib/auth/token-settings";
import { overrideProviders } from "@/lib/providers/registry";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { revokeApiKey } from "@/lib/services/api-access/keys/revoke-api-key";
import { API_PERMISSIONS, type ApiPermission } from "@/lib/services/api-access/keys/schema";
import { endApiSession } from "@/lib/services/api-access/sessions/end-api-session";
import { startApiSession } from "@/lib/services/api-access/sessions/start-api-session";
import type { ApiCall } from "./define-call";
import { API_CALLS, type Api, createApi } from "./route-table";

/** A header pair, by what it stands for. */
type Credentials = Record<string, Record<string, string>>;

let database: TestDatabase;
let api: Api;
let credentials: Credentials;

async function tokenOf(user: TestUser): Promise<string> {
  return await accessTokenOf(user.userId);
}

async function accessTokenOf(userId: bigint): Promise<string> {
  return await signAccessToken(await startApiSession(createContext(database.db), userId));
}

async function keyOf(user: TestUser, permissions: ApiPermission[]): Promise<string> {
  const input = { name: permissions.join(" "), permissions, expiry: "1D", pin: TEST_PIN } as const;
  return (await createApiKey(user.context, input)).apiKey;
}

async function mintCredentials(): Promise<Credentials> {
  const [user, services, frozen] = [
    await createUser(database.db, { pin: TEST_PIN }),
    await createUser(database.db, { pin: TEST_PIN }),
    await createUser(database.db, { pin: TEST_PIN }),
  ];
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const key = (text: string) => ({ "x-api-key": text });
  const session = await startApiSession(createContext(database.db), user.userId);
  const endedToken = await signAccessToken(session);
  const ended = await credentialChecks(() => database.db).accessToken(endedToken);
  await endApiSession({ ...user.context, actor: ended });
  const live = await startApiSession(createContext(database.db), user.userId);
  const expiredToken = await signAccessToken(live, { ...tokenSettings(), lifetimeMinutes: -1 });
  const revokedKey = await keyOf(user, ["read"]);
  const [made] = await listApiKeys(user.context);
  if (made) await revokeApiKey(user.context, { keyId: made.id });
  const expiredKey = await insertExpiredKey(database.owner, services.userId);
  const frozenToken = await tokenOf(frozen);
  const frozenKey = await keyOf(frozen, [...API_PERMISSIONS]);
  await database.owner`update users set frozen_at = now() where id = ${frozen.userId.toString()}`;
  const singles = await Promise.all(
    API_PERMISSIONS.map(async (permission) => {
      // One person has five active keys at most.
      const person = await createUser(database.db, { pin: TEST_PIN });
      return [`key ${permission}`, key(await keyOf(person, [permission]))] as const;
    }),
  );
  return {
    nobody: {},
    "no such token": bearer("eyJhbGciOiJIUzI1NiJ9.e30.x"),
    "no scheme": { authorization: await tokenOf(user) },
    "a key as a token": bearer(await keyOf(user, ["read"])),
    "no such key": key(`sk_live_${"x".repeat(43)}`),
    "an ended session": bearer(endedToken),
    "an expired token": bearer(expiredToken),
    "a revoked key": key(revokedKey),
    "an expired key": key(expiredKey.apiKey),
    "a frozen person's token": bearer(frozenToken),
    "a frozen person's key": key(frozenKey),
    ...Object.fromEntries(singles),
    "key all": key(await keyOf(services, [...API_PERMISSIONS])),
  };
}

async function freshToken(): Promise<Record<string, string>> {
  const user = await createUser(database.db);
  return { authorization: `Bearer ${await tokenOf(user)}` };
}

beforeAll(async () => {
  database = await useDatabase();
  overrideProviders([createFakeProvider("getmipay")]);
  api = createApi({
    ...testDependencies(
      () => database.db,
      credentialChecks(() => database.db),
    ),
  });
  credentials = await mintCredentials();
});

afterAll(async () => {
  await stopCredentialChecks(() => database.db);
  overrideProviders(null);
});

async function ask(call: ApiCall, headers: Record<string, string>, body = "{}", path = call.path) {
  const url = `http://localhost:3000${path.replace(/\{[^}]+\}/, "TXN-NOBODYSOWN22")}`;
  const init = { method: call.method, headers: { "content-type": "application/json", ...headers } };
  const response = await api.answer(new Request(url, call.method === "POST" ? { ...init, body } : init));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

/** Who sends an API key in its own header, good or bad. */
const KEYS = /key$|^key /;

/** What the table promises: let in, or refused with exactly this. */
function promised(call: ApiCall, who: string): "in" | [number, string] {
  const { access } = call;
  const unauthenticated: [number, string] = [401, "Invalid or expired token"];
  if (access === "anyone") return "in";
  if (who === "token") return "in";
  if (access === "person") {
    const refusal = "This call needs a person's access token: API keys can't make it";
    return KEYS.test(who) ? [401, refusal] : unauthenticated;
  }
  if (!who.startsWith("key ")) {
    return KEYS.test(who) ? [401, "Invalid, expired or revoked API key"] : unauthenticated;
  }
  const { permission } = access;
  return who === "key all" || who === `key ${permission}`
    ? "in"
    : [403, `API key does not have '${permission}' permission`];
}

const WHO = [
  "nobody",
  "no such token",
  "no scheme",
  "a key as a token",
  "no such key",
  "an ended session",
  "an expired token",
  "a revoked key",
  "an expired key",
  "a frozen person's token",
  "a frozen person's key",
  "token",
  ...API_PERMISSIONS.map((permission) => `key ${permission}`),
  "key all",
];

describe.each(API_CALLS.map((call) => [`${call.method} ${call.path}`, call] as const))(
  "%s",
  (_name, call) => {
    it.each(WHO)("answers %s exactly as the table promises", async (who) => {
      // A token of its own: logging out is one of the calls.
      const headers = who === "token" ? await freshToken() : credentials[who];
      expect(headers, "the credential exists").toBeDefined();
      const answer = await ask(call, headers ?? {});
      const promise = promised(call, who);
      if (promise === "in") {
        // Let in: what follows is about the empty body, never about who asks.
        expect([200, 204, 302, 400, 404, 422, 503]).toContain(answer.status);
      } else {
        expect([answer.status, answer.body.detail]).toEqual(promise);
        expect(answer.body.request_id).toMatch(/\S/);
      }
    });

    it("answers another method with 405 and says which it takes", async () => {
      const path = call.path.replace(/\{[^}]+\}/, "TXN-NOBODYSOWN22");
      const response = await api.answer(new Request(`http://localhost:3000${path}`, { method: "DELETE" }));
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toContain(call.method);
    });
  },
);

describe("fuzz", () => {
  const bodies = [
    "",
    "null",
    "[]",
    "{",
    '"text"',
    "123",
    '{"amount":"5000"}',
    '{"amount":5e5}',
    '{"amount":1.5}',
    '{"amount":-1}',
    '{"amount":0}',
    '{"amount":9007199254740993}',
    '{"amount":null,"wallet_number":{}}',
    '{"amount":100,"wallet_number":"1234567890123"}',
    '{"amount":100,"wallet_number":"\\u0000"}',
    '{"amount":100,"currency":"XOF","method":"wave","phone":"\\u0000"}',
    '{"__proto__":{"amount":100},"constructor":{"prototype":{}}}',
    `{"name":"${"x".repeat(10_000)}","permissions":["read"],"expiry":"1D"}`,
    '{"name":"\\u0000","permissions":["read"],"expiry":"1D"}',
    '{"name":"k","permissions":["root"],"expiry":"9Y"}',
    '{"key_id":"99999999999999999999999999"}',
    '{"key_id":-1}',
    '{"expired_key_id":"1; drop table users","expiry":"1M"}',
    '{"refresh":"\\u0000"}',
    '{"refresh":["x"]}',
    `[${Array(501).fill('{"wallet_number":"1234567890128","amount":1}').join(",")}]`,
    `{"transfers":${"[".repeat(2_000)}${"]".repeat(2_000)}}`,
    `{"a":"${"\\ud800"}"}`,
  ];
  const headers: Record<string, string>[] = [
    {},
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "idempotency-key": "" },
    { "idempotency-key": "x".repeat(256) },
    { "idempotency-key": "é" },
    { "x-request-id": "'; drop table users; --" },
    { origin: "null" },
    { "accept-encoding": "x", "transfer-encoding": "x", expect: "100-continue" },
  ];
  const queries = [
    "",
    "?",
    "?cursor=-1",
    "?cursor=99999999999999999999",
    "?cursor=%00",
    "?limit=0",
    "?limit=1e9",
    "?limit=NaN",
    "?type=x",
    "?status=x",
    "?from=yesterday",
    "?from=2026-13-45",
    "?to=275761-01-01T00:00:00Z",
    "?q=%25%5C_%27%22",
    "?q=%00",
    "?q=%F0%9F%92%A9",
    "?currency=USD",
    "?code=x&state=%00",
    "?__proto__=x&constructor=y",
    "?%ff",
  ];

  it.each(API_CALLS.map((call) => [`${call.method} ${call.path}`, call] as const))(
    "never gets a 5xx out of %s, and every refusal has its shape",
    async (_name, call) => {
      const token = await freshToken();
      const answers = [];
      if (call.method === "POST") {
        for (const body of bodies) answers.push([body, await ask(call, token, body)] as const);
        for (const one of headers) {
          const safe = Object.fromEntries(
            Object.entries(one).map(([name, value]) => [name, Buffer.from(value).toString("latin1")]),
          );
          answers.push([JSON.stringify(one), await ask(call, { ...token, ...safe }, "{}")] as const);
        }
      }
      for (const query of queries) {
        answers.push([query, await ask(call, token, "{}", call.path + query)] as const);
      }
      const paths = call.path.includes("{")
        ? ["%00", "%2e%2e", "%zz", "TXN-'", "x".repeat(5_000), "%F0%9F"]
        : [];
      for (const part of paths) {
        answers.push([part, await ask(call, token, "{}", call.path.replace(/\{[^}]+\}/, part))] as const);
      }
      for (const [what, { status, body }] of answers) {
        // No Google is configured here, which is the one thing that is unavailable.
        const isGoogleMissing = call.path === "/api/auth/google" && body.code === "unavailable";
        if (!isGoogleMissing) expect(status, what.slice(0, 80)).toBeLessThan(500);
        if (status >= 400) {
          expect(body, what.slice(0, 80)).toMatchObject({
            detail: expect.stringMatching(/^[A-Z]/),
            code: expect.stringMatching(/^[a-z_]+$/),
            request_id: expect.any(String),
          });
          expect(JSON.stringify(body)).not.toMatch(/select |insert |at Object|node_modules|zod/i);
        }
      }
    },
  );
});
