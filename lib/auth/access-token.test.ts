import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { parseConfig } from "@/lib/config";
import { signAccessToken, verifyAccessToken } from "./access-token";
import { toTokenSettings } from "./token-settings";

const REQUIRED = {
  BASE_URL: "https://wallet.example",
  AUTH_SECRET: "s".repeat(44),
  PIN_SECRET: "p".repeat(44),
  DATABASE_URL: "postgres://localhost/none",
};
const settingsOf = (variables: Record<string, string>) =>
  toTokenSettings(parseConfig({ ...REQUIRED, ...variables }));
const SECRET = randomBytes(48).toString("base64url");
const settings = settingsOf({ JWT_SECRET_KEY: SECRET });
const holder = { userId: 42n, sessionId: "0d4a4f3e-6f4c-4a52-9a35-0c6a8b0e1f10" };
const verify = async (token: string, by = settings) => (await verifyAccessToken(token, by))?.holder ?? null;

const CLAIMS = { token_type: "access", user_id: 42, sid: holder.sessionId };

/** A token as ours, but for what the test changes. */
async function forge(
  claims: Record<string, unknown> = {},
  { algorithm = "HS256", secret = SECRET, drop = "" } = {},
): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const all: Record<string, unknown> = {
    ...CLAIMS,
    sub: "42",
    jti: "j",
    iat: seconds,
    exp: seconds + 600,
    iss: "https://wallet.example",
    aud: "https://wallet.example/api",
    ...claims,
  };
  if (drop !== "") delete all[drop];
  return await new SignJWT(all).setProtectedHeader({ alg: algorithm }).sign(Buffer.from(secret));
}

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an access token", () => {
  it("carries the contract's claims and lasts 30 minutes", async () => {
    const token = await signAccessToken(holder, settings);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "JWT" });
    const claims = decodeJwt(token);
    expect(Object.keys(claims).sort()).toEqual(
      ["aud", "exp", "iat", "iss", "jti", "sid", "sub", "token_type", "user_id"].sort(),
    );
    expect(claims).toMatchObject({
      ...CLAIMS,
      sub: "42",
      iss: "https://wallet.example",
      aud: "https://wallet.example/api",
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(1_800);
    expect(await verify(token)).toEqual(holder);
    expect(decodeJwt(await signAccessToken(holder, settings)).jti).not.toBe(claims.jti);
  });

  it("the token that the tests below change is valid before", async () => {
    expect(await verify(await forge())).toEqual(holder);
  });

  it("expires", async () => {
    const token = await signAccessToken(holder, settings);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_799_000 });
    try {
      expect(await verify(token)).toEqual(holder);
      vi.setSystemTime(Date.now() + 2_000);
      expect(await verify(token)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ["another audience", { aud: "https://other.example/api" }],
    ["the audience of a page", { aud: "https://wallet.example" }],
    ["another issuer", { iss: "https://evil.example" }],
    ["a refresh token's type", { token_type: "refresh" }],
    ["another user in sub", { sub: "43" }],
    ["a user id as text", { user_id: "42" }],
    ["a user id of nobody", { user_id: 0, sub: "0" }],
    ["a session that is none", { sid: "' or 1=1 --" }],
    ["a start in the future", { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ["an end as text", { exp: "tomorrow" }],
  ])("with %s is refused", async (_, claims) => {
    expect(await verify(await forge(claims))).toBeNull();
  });

  it.each(["token_type", "sub", "user_id", "sid", "iss", "aud", "exp", "iat", "jti"])(
    "without %s is refused",
    async (drop) => {
      expect(await verify(await forge({}, { drop }))).toBeNull();
    },
  );

  it.each(["HS384", "HS512"])(
    "signed by %s with the right secret is refused: the token doesn't choose",
    async (algorithm) => {
      const secret = "x".repeat(64);
      const ours = settingsOf({ JWT_SECRET_KEY: secret });
      expect(await verify(await forge({}, { secret }), ours)).toEqual(holder);
      expect(await verify(await forge({}, { secret, algorithm }), ours)).toBeNull();
    },
  );

  it("of another secret, without a signature, or signed with a public key is refused", async () => {
    const [, payload = "", signature = ""] = (await forge()).split(".");
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const confused = `${segment({ alg: "HS256" })}.${payload}`;
    const tokens = [
      await forge({}, { secret: "y".repeat(48) }),
      ...["none", "None", "NONE", "nOnE"].map((alg) => `${segment({ alg, typ: "JWT" })}.${payload}.`),
      `${segment({ alg: "none" })}.${payload}.${signature}`,
      `${segment({ alg: "HS256" })}.${payload}.`,
      `${segment({ alg: "RS256", kid: "../../dev/null" })}.${payload}.${signature}`,
      `${segment({ alg: "HS256", jku: "https://evil.example/jwks" })}.${payload}.${signature}`,
      `${confused}.${createHmac("sha256", pem).update(confused).digest("base64url")}`,
    ];
    for (const token of tokens) expect(await verify(token), token).toBeNull();
  });

  it("with any part changed is refused", async () => {
    const token = await signAccessToken(holder, settings);
    const [header = "", , signature = ""] = token.split(".");
    const other = segment({ ...decodeJwt(token), user_id: 1, sub: "1" });
    expect(await verify(`${header}.${other}.${signature}`)).toBeNull();
  });

  it.each(["", ".", "..", "a.b.c", "Bearer x", "x".repeat(100_000), "eyJ.eyJ.é", "\u0000"])(
    "what is none is refused without a word (%#)",
    async (text) => {
      expect(await verify(text)).toBeNull();
    },
  );
});

describe("its settings", () => {
  it("a demo derives a key from its one secret", async () => {
    const demo = settingsOf({});
    expect(demo).toMatchObject({ algorithm: "HS256", lifetimeMinutes: 30 });
    const token = await signAccessToken(holder, demo);
    expect(await verify(token, demo)).toEqual(holder);
    expect(await verify(token, settingsOf({ JWT_SECRET_KEY: REQUIRED.AUTH_SECRET }))).toBeNull();
  });

  it("the seed's variables change algorithm and lifetime", async () => {
    const seed = settingsOf({
      BASE_URL: "https://wallet.example/",
      JWT_SECRET_KEY: "z".repeat(64),
      JWT_ALGORITHM: "HS512",
      JWT_ACCESS_TOKEN_EXPIRE_MINUTES: "5",
    });
    const token = await signAccessToken(holder, seed);
    expect(decodeProtectedHeader(token).alg).toBe("HS512");
    const { exp = 0, iat = 0, iss } = decodeJwt(token);
    expect([exp - iat, iss]).toEqual([300, "https://wallet.example"]);
  });
});
