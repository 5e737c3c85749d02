import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { newPhone } from "@/e2e/support/codes";
import { useDatabase } from "@/e2e/support/database";
import { CLIENT, fastOptions } from "@/e2e/support/getmipay-fixture";
import { createUser, fundWallet } from "@/e2e/support/people";
import { credentialChecks, stopCredentialChecks } from "@/lib/auth/token-and-key-checks";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type Sandbox, startSandbox } from "@/lib/sandbox/server";
import { type Api, createApi } from "../route-table";
import { issueLocalToken } from "./issue-local-token";

const logged = vi.hoisted(() => [] as unknown[]);
vi.mock("@/lib/log", () => {
  const write = (...line: unknown[]) => void logged.push(line);
  return { log: { info: write, warn: write, error: write, debug: write } };
});

const { db, owner } = await useDatabase();
let sandbox: Sandbox;
let api: Api;

beforeAll(async () => {
  sandbox = await startSandbox(fastOptions());
  process.env.GOOGLE_ISSUER = `${sandbox.url}/google`;
  process.env.GOOGLE_CLIENT_ID = CLIENT.clientId;
  process.env.GOOGLE_CLIENT_SECRET = CLIENT.clientSecret;
  api = createApi(
    testDependencies(
      () => db,
      credentialChecks(() => db),
    ),
  );
});
afterAll(async () => {
  await stopCredentialChecks(() => db);
  await sandbox.close();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  { bearer, body }: { bearer?: string; body?: unknown } = {},
): Promise<Answer> {
  const response = await api.answer(
    new Request(`http://localhost:3000${path}`, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        "content-type": "application/json",
        "accept-language": "en-GB,fr;q=0.5",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  expect(response.headers.get("cache-control")).toBe("no-store");
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

interface Person {
  email: string;
  verified?: boolean;
  action?: "allow" | "deny";
}

/** What a browser does with an authorization address: the sandbox's form, and the way back to our callback. */
async function throughGoogle(
  url: string,
  { email, verified = true, action = "allow" }: Person,
): Promise<string> {
  const fields = { action, email, first_name: "Fatou", last_name: "Diop" };
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(verified ? { ...fields, email_verified: "on" } : fields),
  });
  const back = new URL(response.headers.get("location") ?? "");
  return back.pathname + back.search;
}

const authorizationUrl = async () => String((await call("GET", "/api/auth/google")).body.authorization_url);
const newEmail = () => `google-${newKey()}@example.test`;

interface SignedIn {
  access: string;
  refresh: string;
}

async function signIn(email = newEmail()): Promise<SignedIn & Answer> {
  const answer = await call("GET", await throughGoogle(await authorizationUrl(), { email }));
  return { ...answer, access: String(answer.body.access), refresh: String(answer.body.refresh) };
}

describe("signing in with Google", () => {
  it("gives an address with state, nonce and PKCE", async () => {
    const url = new URL(await authorizationUrl());
    expect(url.origin + url.pathname).toBe(`${sandbox.url}/google/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT.clientId,
      redirect_uri: "http://localhost:3000/api/auth/google/callback",
      response_type: "code",
      scope: "openid email profile",
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
  });

  it("answers the contract's fields", async () => {
    const email = newEmail();
    const { status, body, access } = await signIn(email);
    expect(status).toBe(200);
    expect(body).toEqual({
      access: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refresh: expect.stringMatching(/^[\w-]{43}$/),
      token_type: "Bearer",
      user: {
        id: expect.any(Number),
        email,
        first_name: "Fatou",
        last_name: "Diop",
        wallet_number: expect.stringMatching(/^[1-9]\d{12}$/),
        profile_picture: `${sandbox.url}/google/picture.svg`,
      },
    });
    expect(decodeJwt(access)).toMatchObject({
      token_type: "access",
      user_id: (body.user as { id: number }).id,
    });
    const again = await signIn(email);
    expect(again.body.user).toEqual(body.user);
    expect(again.refresh).not.toBe(body.refresh);
  });

  it("a callback is accepted once", async () => {
    const back = await throughGoogle(await authorizationUrl(), { email: newEmail() });
    const answers = await Promise.all([1, 2, 3, 4].map(() => call("GET", back)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect((await call("GET", back)).body).toMatchObject({
      code: "sign_in_failed",
      detail: "Authentication failed",
    });
  });

  it("a code with another person's state is refused, and a state with another person's code", async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(async () => throughGoogle(await authorizationUrl(), { email: newEmail() })),
    );
    const mixed = new URL(one ?? "", "http://localhost");
    mixed.searchParams.set("code", new URL(other ?? "", "http://localhost").searchParams.get("code") ?? "");
    expect(await call("GET", mixed.pathname + mixed.search)).toMatchObject({ status: 400 });
  });

  it("an id token with another nonce is refused", async () => {
    const url = new URL(await authorizationUrl());
    url.searchParams.set("nonce", "n0nce");
    const answer = await call("GET", await throughGoogle(url.href, { email: newEmail() }));
    expect(answer).toMatchObject({ status: 400, body: { code: "sign_in_failed" } });
  });

  it("a callback without code or state, with an unknown code, or with a cancelled sign-in is refused", async () => {
    const email = newEmail();
    const denied = await throughGoogle(await authorizationUrl(), { email, action: "deny" });
    const state = new URL(await authorizationUrl()).searchParams.get("state");
    const wanted: [string, number][] = [
      ["/api/auth/google/callback", 422],
      ["/api/auth/google/callback?code=abc", 422],
      ["/api/auth/google/callback?code=abc&state=", 422],
      ["/api/auth/google/callback?code=abc&state=abc", 400],
      [`/api/auth/google/callback?code=abc&state=${state}`, 400],
      [denied, 400],
    ];
    for (const [path, status] of wanted) expect((await call("GET", path)).status, path).toBe(status);
    const rows = await owner`select from users where email = ${email}`;
    expect(rows).toHaveLength(0);
  });

  it("an address that Google hasn't verified signs nobody in, with or without an account", async () => {
    for (const email of [(await createUser(db)).email, newEmail()]) {
      const back = await throughGoogle(await authorizationUrl(), { email, verified: false });
      expect(await call("GET", back)).toMatchObject({ status: 403, body: { code: "email_unverified" } });
    }
  });
});

describe("with an access token", () => {
  it("GET me answers the user, wallet number and balances", async () => {
    const user = await createUser(db, { firstName: "Awa", lastName: "Traoré" });
    await fundWallet(db, user.walletId, money(123_456n, "NGN"));
    const access = await issueLocalToken(db, user.email);
    expect(await call("GET", "/api/auth/me/", { bearer: access })).toEqual({
      status: 200,
      body: {
        id: Number(user.userId),
        email: user.email,
        first_name: "Awa",
        last_name: "Traoré",
        wallet_number: user.walletNumber,
        profile_picture: null,
        balances: [
          { currency: "XOF", balance: 0, available_minor: 0, held_minor: 0, owed_minor: 0 },
          { currency: "NGN", balance: 1234.56, available_minor: 123_456, held_minor: 0, owed_minor: 0 },
        ],
      },
    });
  });

  it("GET me answers a person without an e-mail address, who is found by their number", async () => {
    const user = await createUser(db);
    const phone = newPhone();
    await owner`update users set email = null, phone = ${phone}, phone_verified_at = now()
      where id = ${user.userId.toString()}`;
    const access = await issueLocalToken(db, phone);
    expect(await call("GET", "/api/auth/me", { bearer: access })).toMatchObject({
      status: 200,
      body: { id: Number(user.userId), email: null },
    });
  });

  it("refreshing gives a new pair; reusing the old token ends the session", async () => {
    const first = await signIn();
    const second = await call("POST", "/api/auth/refresh", { body: { refresh: first.refresh } });
    expect(second).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
    const bearer = String(second.body.access);
    expect((await call("GET", "/api/auth/me", { bearer })).status).toBe(200);
    const third = await call("POST", "/api/auth/refresh", { body: { refresh: second.body.refresh } });
    expect(third.status).toBe(200);
    expect(await call("POST", "/api/auth/refresh", { body: { refresh: first.refresh } })).toMatchObject({
      status: 401,
      body: { detail: "Invalid or expired token", code: "unauthenticated" },
    });
    for (const token of [first.access, bearer, String(third.body.access)]) {
      expect((await call("GET", "/api/auth/me", { bearer: token })).status).toBe(401);
    }
  });

  it("logging out ends access and refresh at once, with and without a body", async () => {
    for (const withBody of [true, false]) {
      const { access, refresh } = await signIn();
      const options = withBody ? { bearer: access, body: { refresh } } : { bearer: access };
      expect(await call("POST", "/api/auth/logout", options)).toEqual({ status: 204, body: {} });
      expect((await call("GET", "/api/auth/me", { bearer: access })).status).toBe(401);
      expect((await call("POST", "/api/auth/refresh", { body: { refresh } })).status).toBe(401);
      expect((await call("POST", "/api/auth/logout", { bearer: access })).status).toBe(401);
    }
  });

  it("logging out works with any value of `refresh`", async () => {
    const other = await signIn();
    for (const refresh of [other.refresh, "x", "", "x".repeat(5_000), null, 7, ["a"]]) {
      const { access } = await signIn();
      const answer = await call("POST", "/api/auth/logout", { bearer: access, body: { refresh } });
      expect(answer).toEqual({ status: 204, body: {} });
      expect((await call("GET", "/api/auth/me", { bearer: access })).status).toBe(401);
    }
    expect((await call("GET", "/api/auth/me", { bearer: other.access })).status).toBe(200);
  });

  it("a refresh token isn't accepted as an access token, nor the other way round", async () => {
    const { access, refresh } = await signIn();
    expect((await call("GET", "/api/auth/me", { bearer: refresh })).status).toBe(401);
    expect((await call("POST", "/api/auth/refresh", { body: { refresh: access } })).status).toBe(401);
  });

  it("a refresh without its token names the missing field", async () => {
    expect(await call("POST", "/api/auth/refresh", { body: {} })).toMatchObject({
      status: 422,
      body: { fields: [{ field: "refresh", reason: "required" }] },
    });
  });
});

describe("when Google can't be reached", () => {
  it("the answer is 503, nothing is stored, and the callback may be tried again", async () => {
    const back = await throughGoogle(await authorizationUrl(), { email: newEmail() });
    const realFetch = globalThis.fetch;
    const broken = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    expect(await call("GET", back)).toMatchObject({ status: 503, body: { code: "provider_unavailable" } });
    broken.mockResolvedValue(new Response("oops", { status: 502 }));
    expect(await call("GET", back)).toMatchObject({ status: 503 });
    broken.mockRestore();
    expect(globalThis.fetch).toBe(realFetch);
    expect((await call("GET", back)).status).toBe(200);
  });
});

it("no token, code, state or verifier was ever logged", () => {
  const text = JSON.stringify(logged, (_, value) => (typeof value === "bigint" ? `${value}` : value));
  // Something was logged, or this would show nothing; secrets are 43 characters of base64url, or a JWT.
  expect(logged.length).toBeGreaterThan(5);
  expect(text).not.toMatch(/(?<![\w-])[\w-]{43}(?![\w-])|eyJ[\w-]{10}|client-secret|@example\.test/);
});
