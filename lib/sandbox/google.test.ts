import { createHash, randomBytes } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLIENT, fastOptions } from "@/e2e/support/getmipay-fixture";
import { type Sandbox, startSandbox } from "./server";

let sandbox: Sandbox;
let issuer: string;
beforeAll(async () => {
  sandbox = await startSandbox(fastOptions());
  issuer = `${sandbox.url}/google`;
});
afterAll(() => sandbox.close());

const REDIRECT_URI = "http://localhost:3000/api/auth/callback/google";
const verifier = randomBytes(32).toString("base64url");
const challenge = createHash("sha256").update(verifier).digest("base64url");

const authorizeQuery = {
  client_id: CLIENT.clientId,
  redirect_uri: REDIRECT_URI,
  response_type: "code",
  scope: "openid email profile",
  state: "st&te=1",
  nonce: "n0nce",
  code_challenge: challenge,
  code_challenge_method: "S256",
};

const awa = {
  action: "allow",
  email: "Awa.Traore@gmail.test",
  first_name: "Awa",
  last_name: "Traoré",
  email_verified: "on",
};

function authorizeUrl(change: Record<string, string> = {}): string {
  return `${issuer}/authorize?${new URLSearchParams({ ...authorizeQuery, ...change })}`;
}

async function callback(fields: Record<string, string> = awa): Promise<URL> {
  const response = await fetch(authorizeUrl(), {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location") ?? "");
}

async function newCode(fields: Record<string, string> = awa): Promise<string> {
  return (await callback(fields)).searchParams.get("code") ?? "";
}

function redeem(code: string, change: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    ...change,
  });
  return fetch(`${issuer}/token`, { method: "POST", body, headers });
}

interface Tokens {
  id_token: string;
  access_token: string;
}

describe("the code flow", () => {
  it("discovery names addresses that exist", async () => {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    const found = (await response.json()) as Record<string, string>;
    expect(found.issuer).toBe(issuer);
    expect((await fetch(found.jwks_uri ?? "")).status).toBe(200);
    expect((await fetch(found.userinfo_endpoint ?? "")).status).toBe(401);
  });

  it("ends in an id_token that verifies, with the person, the nonce and our client in it", async () => {
    const back = await callback();
    expect(back.origin + back.pathname).toBe(REDIRECT_URI);
    expect(back.searchParams.get("state")).toBe("st&te=1");
    const answer = await redeem(back.searchParams.get("code") ?? "");
    expect(answer.status).toBe(200);
    const tokens = (await answer.json()) as Tokens;
    const { payload } = await jwtVerify(tokens.id_token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), {
      issuer,
      audience: CLIENT.clientId,
    });
    expect(payload).toMatchObject({
      email: "awa.traore@gmail.test",
      email_verified: true,
      given_name: "Awa",
      family_name: "Traoré",
      name: "Awa Traoré",
      nonce: "n0nce",
      sub: expect.stringMatching(/^1[0-9]{20}$/),
    });
    const userinfo = await fetch(`${issuer}/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ sub: payload.sub, email: "awa.traore@gmail.test" });
    expect((await fetch(String(payload.picture))).status).toBe(200);
  });

  it("the client may name itself in the header, form-encoded", async () => {
    const basic = Buffer.from(`${CLIENT.clientId}:${encodeURIComponent(CLIENT.clientSecret)}`).toString(
      "base64",
    );
    const answer = await redeem(
      await newCode(),
      { client_id: "", client_secret: "" },
      { authorization: `Basic ${basic}` },
    );
    expect(answer.status).toBe(200);
  });

  it("an unverified address stays unverified, and a person stays the same person", async () => {
    const { email_verified: _, ...unverified } = awa;
    const claims = [];
    for (const fields of [awa, unverified]) {
      const { access_token } = (await (await redeem(await newCode(fields))).json()) as Tokens;
      const headers = { authorization: `Bearer ${access_token}` };
      claims.push((await (await fetch(`${issuer}/userinfo`, { headers })).json()) as Record<string, unknown>);
    }
    expect(claims.map((claim) => claim.email_verified)).toEqual([true, false]);
    expect(claims[0]?.sub).toBe(claims[1]?.sub);
  });

  it("cancelling goes back with access_denied", async () => {
    const back = await callback({ action: "deny" });
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("code")).toBeNull();
  });
});

describe("what isn't redeemed", () => {
  it.each([
    ["a wrong verifier", { code_verifier: "x".repeat(43) }, 400],
    ["no verifier", { code_verifier: "" }, 400],
    ["another redirect_uri", { redirect_uri: "http://localhost:3000/other" }, 400],
    ["a made-up code", { code: "abc" }, 400],
    ["another grant", { grant_type: "password" }, 400],
    ["a wrong secret", { client_secret: "wrong" }, 401],
    ["another client", { client_id: "wrong" }, 401],
  ])("%s", async (_, change, status) => {
    expect((await redeem(await newCode(), change)).status).toBe(status);
  });

  it("a code a second time, or after a failed try", async () => {
    const code = await newCode();
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).status).toBe(400);
    const wasted = await newCode();
    expect((await redeem(wasted, { code_verifier: "wrong" })).status).toBe(400);
    expect((await redeem(wasted)).status).toBe(400);
  });
});

describe("the page", () => {
  it("shows the accounts and a form, in the reader's language, without scripts", async () => {
    const french = await (await fetch(authorizeUrl())).text();
    expect(french).toContain("Choisissez un compte");
    expect(french).toContain("awa.traore@gmail.test");
    expect(french).not.toContain("<script");
    const english = await fetch(authorizeUrl({ hl: "en" }));
    expect(await english.text()).toContain("Choose an account");
    expect(english.headers.get("content-security-policy")).toContain(
      "form-action 'self' http://localhost:3000",
    );
  });

  it.each([
    [{ client_id: "another" }],
    [{ redirect_uri: "https://evil.test/callback" }],
    [{ redirect_uri: "javascript:alert(1)" }],
    [{ response_type: "token" }],
    [{ scope: "email" }],
    [{ code_challenge_method: "plain" }],
  ])("a request with %o is refused here, never redirected", async (change) => {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(authorizeUrl(change), {
        method,
        redirect: "manual",
        ...(method === "POST" ? { body: new URLSearchParams(awa) } : {}),
      });
      expect([response.status, response.headers.get("location")]).toEqual([400, null]);
    }
  });

  it("what the request carries is escaped", async () => {
    const page = await (await fetch(authorizeUrl({ login_hint: '"><script>alert(1)</script>' }))).text();
    expect(page).not.toContain("<script");
  });
});
