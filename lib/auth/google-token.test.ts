import http from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";
import { googleAuthorizationUrl, redeemGoogleCode, requireGoogleReachable } from "./google-token";

vi.mock("@/lib/log", () => ({ log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() } }));

const CLIENT_ID = "cauris-test";
const request = { state: newKey(), nonce: newKey(), codeVerifier: newKey() + newKey() };

interface Reply {
  status?: number;
  body: object;
}

const ours = await generateKeyPair("RS256");
const foreign = await generateKeyPair("RS256");
let issuer = "";
let reply: (posted: URLSearchParams) => Promise<Reply>;

const server = http.createServer(async (incoming, response) => {
  const send = ({ status = 200, body }: Reply) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const { pathname } = new URL(incoming.url ?? "/", issuer);
  if (pathname === "/.well-known/openid-configuration") {
    send({
      body: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      },
    });
  } else if (pathname === "/keys") {
    const jwk = await exportJWK(ours.publicKey);
    send({ body: { keys: [{ ...jwk, kid: "ours", alg: "RS256", use: "sig" }] } });
  } else {
    let posted = "";
    for await (const chunk of incoming) posted += chunk;
    send(await reply(new URLSearchParams(posted)));
  }
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  useIssuer(issuer);
});
afterAll(() => void server.close());

function useIssuer(GOOGLE_ISSUER: string): void {
  replaceEnvironment({
    DATABASE_URL: "postgres://nobody@localhost/none",
    GOOGLE_CLIENT_ID: CLIENT_ID,
    GOOGLE_CLIENT_SECRET: "a secret of this client",
    GOOGLE_ISSUER,
  });
}

const claims = (): JWTPayload => ({
  iss: issuer,
  aud: CLIENT_ID,
  sub: "google-1",
  iat: Math.floor(Date.now() / 1000),
  exp: Math.floor(Date.now() / 1000) + 300,
  nonce: request.nonce,
  email: "awa@example.test",
  email_verified: true,
  given_name: "Awa",
});

const signed = (changes: JWTPayload = {}, key = ours.privateKey) =>
  new SignJWT({ ...claims(), ...changes }).setProtectedHeader({ alg: "RS256", kid: "ours" }).sign(key);

const tokens = (idToken: string): Reply => ({
  body: { access_token: "a", token_type: "Bearer", id_token: idToken },
});

const redeem = (query: Record<string, string> = { code: "the-code", state: request.state }) =>
  redeemGoogleCode(new URLSearchParams(query), request, "fr");

test("the authorization URL has state, nonce and PKCE", async () => {
  const url = new URL(await googleAuthorizationUrl(request));
  expect(url.searchParams.get("nonce")).toBe(request.nonce);
  expect(url.searchParams.get("code_challenge_method")).toBe("S256");
});

test("a code is redeemed with our verifier and secret, for the person of the id token", async () => {
  let posted = new URLSearchParams();
  reply = async (form) => {
    posted = form;
    return tokens(await signed());
  };
  expect(await redeem()).toMatchObject({ subject: "google-1", emailVerified: true, givenName: "Awa" });
  expect(Object.fromEntries(posted)).toEqual({
    grant_type: "authorization_code",
    code: "the-code",
    code_verifier: request.codeVerifier,
    redirect_uri: "http://localhost:3000/api/auth/google/callback",
    client_id: CLIENT_ID,
    client_secret: "a secret of this client",
  });
});

describe("a sign-in is refused with an id token", () => {
  test.each<[string, () => Promise<string>]>([
    ["signed with another key", () => signed({}, foreign.privateKey)],
    ["not signed at all", async () => new UnsecuredJWT(claims()).encode()],
    ["of another issuer", () => signed({ iss: "https://elsewhere.example" })],
    ["for another client", () => signed({ aud: "another-client" })],
    ["for two clients, without saying whom it was made for", () => signed({ aud: [CLIENT_ID, "another"] })],
    ["made for another client", () => signed({ azp: "another-client" })],
    ["that has expired", () => signed({ exp: Math.floor(Date.now() / 1000) - 120 })],
    ["with another nonce", () => signed({ nonce: newKey() })],
    ["without a nonce", () => signed({ nonce: undefined })],
  ])("by an id token %s", async (_, make) => {
    reply = async () => tokens(await make());
    await expect(redeem()).rejects.toMatchObject({ code: "sign_in_failed" });
  });

  test.each<[string, Record<string, string>]>([
    ["with another state", { code: "the-code", state: newKey() }],
    ["by a person who said no", { error: "access_denied", state: request.state }],
  ])("%s", async (_, query) => {
    reply = async () => tokens(await signed());
    await expect(redeem(query)).rejects.toMatchObject({ code: "sign_in_failed" });
  });

  test.each([
    [400, "invalid_grant", "sign_in_failed"],
    [401, "invalid_client", "provider_unavailable"],
    [500, "server_error", "provider_unavailable"],
  ])("when the token endpoint answers %i %s: %s", async (status, error, code) => {
    reply = async () => ({ status, body: { error } });
    await expect(redeem()).rejects.toMatchObject({ code });
  });
});

test("an issuer that can't be reached, or is plain http on another machine, is provider_unavailable", async () => {
  for (const wrong of ["http://127.0.0.1:9", "http://issuer.example"]) {
    useIssuer(wrong);
    await expect(requireGoogleReachable()).rejects.toMatchObject({ code: "provider_unavailable" });
  }
});
