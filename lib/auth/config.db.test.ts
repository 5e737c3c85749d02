import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Auth } from "@auth/core";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { NextAuthConfig } from "next-auth";
import { generateSync } from "otplib";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type TestDatabase, useDatabase } from "@/e2e/support/database";
import { createUser } from "@/e2e/support/people";
import { withResponse } from "@/lib/http/response-status";
import { newKey } from "@/lib/ids";
import { findSession } from "@/lib/services/identity/sessions/find-session";
import { confirmTotp } from "@/lib/services/identity/totp/confirm-totp";
import { getTotpStatus } from "@/lib/services/identity/totp/get-totp-status";
import { startTotp } from "@/lib/services/identity/totp/start-totp";
import { deviceCookieLine, deviceIn } from "./device-cookie";
import { sealSecondStep } from "./second-step";
import { sessionIdIn } from "./session-cookie";
import { signUpTicket } from "./sign-up-ticket";

// next-auth's own entry needs Next's bundler; the configuration only takes an error class from it.
vi.mock("next-auth", async () => await import("@auth/core/errors"));
vi.mock("@/lib/log", () => ({ log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() } }));

const ORIGIN = "http://localhost:3000";
const SECRET = "a secret that is long enough for the tests";
const PASSWORD = "le marché de Rood Woko";

interface Claims {
  [claim: string]: unknown;
}

/** Google's side, as small as it can be: what it says of the person and how it signs can be changed. */
async function startIssuer() {
  const [genuine, forged] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const keys = [{ ...(await exportJWK(genuine.publicKey)), kid: "k1", alg: "RS256", use: "sig" }];
  const state = { claims: {} as Claims, isForged: false, codeChallenge: "" };
  const server: Server = createServer((request, response) => {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/google`;
    const answer = async () => {
      if (request.url?.endsWith("/jwks")) return { keys };
      if (!request.url?.endsWith("/token")) {
        return {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
        };
      }
      const idToken = await new SignJWT({ sub: "1", ...state.claims })
        .setProtectedHeader({ alg: "RS256", kid: "k1" })
        .setIssuer(issuer)
        .setAudience("client-1")
        .setIssuedAt()
        .setExpirationTime("5m")
        .sign(state.isForged ? forged.privateKey : genuine.privateKey);
      return { access_token: "a", token_type: "Bearer", expires_in: 300, id_token: idToken };
    };
    answer().then(
      (body) => response.setHeader("content-type", "application/json").end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/google`;
  return { issuer, state, stop: () => server.close() };
}

/** A browser, as far as cookies and next-auth's own addresses go. */
class Browser {
  readonly cookies = new Map<string, string>();

  constructor(readonly configure: (headers: Headers) => NextAuthConfig) {}

  async open(path: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = new Headers({ cookie, "user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140.0" });
    headers.set("x-cauris-address", "192.0.2.1");
    const body = form ? { method: "POST", body: new URLSearchParams(form) } : {};
    const added: string[] = [];
    const inProgress = {
      statusCode: 200,
      addHeader: (_name: string, value: string) => void added.push(value),
    };
    const request = new Request(ORIGIN + path, { headers, ...body });
    const response = await withResponse(inProgress, () => Auth(request, this.configure(headers)));
    for (const line of [...response.headers.getSetCookie(), ...added]) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", value = ""] = pair.split("=", 2);
    const isGone = attributes.some((attribute) => /^Max-Age=0$/i.test(attribute)) || value === "";
    if (isGone) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  async csrfToken(): Promise<string> {
    const { csrfToken } = (await (await this.open("/api/auth/csrf")).json()) as { csrfToken: string };
    return csrfToken;
  }

  async sessionId(): Promise<string | null> {
    return await sessionIdIn(this.cookies.get("cauris.session"), { secret: SECRET, isHttps: false });
  }
}

describe("next-auth with our configuration", () => {
  let database: TestDatabase;
  let google: Awaited<ReturnType<typeof startIssuer>>;
  let config: typeof import("./config");

  beforeAll(async () => {
    database = await useDatabase();
    google = await startIssuer();
    vi.stubEnv("DATABASE_URL", database.appUrl);
    vi.stubEnv("BASE_URL", ORIGIN);
    vi.stubEnv("AUTH_SECRET", SECRET);
    vi.stubEnv("GOOGLE_ISSUER", google.issuer);
    vi.stubEnv("GOOGLE_CLIENT_ID", "client-1");
    vi.stubEnv("GOOGLE_CLIENT_SECRET", "client-secret-1");
    Reflect.set(globalThis, Symbol.for("cauris.database"), database.db);
    config = await import("./config");
  });

  beforeEach(() => {
    google.state.isForged = false;
    google.state.claims = { sub: newKey(), email: `${newKey()}@example.test`, email_verified: true };
  });

  afterAll(() => {
    google.stop();
    Reflect.deleteProperty(globalThis, Symbol.for("cauris.database"));
    vi.unstubAllEnvs();
  });

  const browser = (locale: "fr" | "en" = "fr") =>
    new Browser((headers) => config.authConfig(locale, headers));

  /** To Google and back; `alter` may change the address that Google sends the browser back to. */
  async function throughGoogle(person: Browser, alter: (back: URL) => void = () => {}): Promise<string> {
    const csrfToken = await person.csrfToken();
    const form = { csrfToken, callbackUrl: "/en/wallet" };
    const there = new URL((await person.open("/api/auth/signin/google", form)).headers.get("location") ?? "");
    google.state.claims.nonce ??= there.searchParams.get("nonce");
    const back = new URL(`${ORIGIN}/api/auth/callback/google?code=c1`);
    back.searchParams.set("state", there.searchParams.get("state") ?? "");
    alter(back);
    const response = await person.open(back.pathname + back.search);
    return (response.headers.get("location") ?? "").replace(ORIGIN, "");
  }

  async function throughPassword(person: Browser, email: string, password: string): Promise<string> {
    const csrfToken = await person.csrfToken();
    const form = { csrfToken, email, password, callbackUrl: "/wallet" };
    const response = await person.open("/api/auth/callback/credentials", form);
    return (response.headers.get("location") ?? "").replace(ORIGIN, "");
  }

  it("a password makes a session whose cookie carries its id and nothing else", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    expect(await throughPassword(person, email, PASSWORD)).toBe("/wallet");
    const sessionId = await person.sessionId();
    expect(await findSession(database.db, sessionId ?? "")).toMatchObject({ userId });
    const answer = await (await person.open("/api/auth/session")).json();
    expect(answer).toEqual({ user: {}, expires: expect.any(String) });
    const [row] = await database.owner`select device from sessions where id = ${sessionId}`;
    expect(row).toEqual({ device: "Chrome · Android" });
  });

  it("each sign-in gets a new session id", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    await throughPassword(person, email, PASSWORD);
    const first = await person.sessionId();
    await throughPassword(person, email, PASSWORD);
    expect(await person.sessionId()).not.toBe(first);
  });

  it("a wrong password sets no session and answers its error code", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser("en");
    const location = await throughPassword(person, email, "un autre mot de passe");
    expect(location).toBe("/en/sign-in?error=CredentialsSignin&code=invalid_credentials");
    expect(await person.sessionId()).toBeNull();
  });

  it("the session cookie is HttpOnly and SameSite=Lax, and __Host- and Secure over https", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    const form = { csrfToken: await person.csrfToken(), email, password: PASSWORD };
    const lines = (await person.open("/api/auth/callback/credentials", form)).headers.getSetCookie();
    const line = lines.find((one) => one.startsWith("cauris.session=")) ?? "";
    expect(line).toMatch(/; Path=\//);
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/i);
    const { cookieNames } = await import("./session-cookie");
    for (const { name } of Object.values(cookieNames(true))) expect(name).toMatch(/^__Host-cauris\./);
  });

  it("a device that somebody signed in on keeps its own tries while strangers guess", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const owner = browser();
    const key = { secret: SECRET, isHttps: false };
    const [pair = ""] = (await deviceCookieLine(null, userId, key)).split(";");
    const [name = "", value = ""] = pair.split("=");
    owner.cookies.set(name, value);
    expect(await deviceIn(value, key)).toMatchObject({ userIds: [userId] });
    expect(await deviceIn(`${value}x`, key)).toBeNull();
    expect(await deviceIn(value, { ...key, secret: `${SECRET}2` })).toBeNull();
    for (let guess = 0; guess < 6; guess += 1) await throughPassword(browser(), email, "a wrong password");
    const refused = await throughPassword(browser(), email, PASSWORD);
    expect(refused).toContain("rate_limited");
    expect(await throughPassword(owner, email, PASSWORD)).toBe("/wallet");
  });

  async function toldOfDevices(userId: bigint): Promise<readonly object[]> {
    return await database.owner<object[]>`
      select kind, details from notices where user_id = ${userId.toString()} and kind = 'new_device'`;
  }

  it("a device on which its owner never signed in is told of, each once", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    const told = { kind: "new_device", details: { device: "Chrome · Android" } };
    const [phone, stranger] = [browser(), browser()];
    await throughPassword(phone, email, PASSWORD);
    expect(await toldOfDevices(userId)).toEqual([told]);
    await throughPassword(phone, email, PASSWORD);
    expect(await toldOfDevices(userId)).toEqual([told]);
    await throughPassword(stranger, email, "a wrong password");
    expect(await toldOfDevices(userId)).toEqual([told]);
    await throughPassword(stranger, email, PASSWORD);
    expect(await toldOfDevices(userId)).toEqual([told, told]);
  });

  it("somebody who was just made isn't told of the device that they chose", async () => {
    const { userId } = await createUser(database.db);
    const person = browser();
    const form = { csrfToken: await person.csrfToken(), ticket: await signUpTicket(userId, SECRET) };
    await person.open("/api/auth/callback/credentials", { ...form, callbackUrl: "/wallet" });
    expect(await person.sessionId()).not.toBeNull();
    expect(await toldOfDevices(userId)).toEqual([]);
  });

  it("a new user enters by a ticket, whatever was tried for the address before; nobody can make one", async () => {
    const { userId, email } = await createUser(database.db, { password: PASSWORD });
    for (let guess = 0; guess < 6; guess += 1) await throughPassword(browser(), email, "a wrong password");
    const enter = async (ticket: string) => {
      const person = browser();
      const form = { csrfToken: await person.csrfToken(), ticket, callbackUrl: "/wallet" };
      await person.open("/api/auth/callback/credentials", form);
      return await findSession(database.db, (await person.sessionId()) ?? "");
    };
    expect(await enter(await signUpTicket(userId, SECRET))).toMatchObject({ userId });
    const forged = [await signUpTicket(userId, `${SECRET}2`), userId.toString(), ""];
    for (const ticket of forged) expect(await enter(ticket)).toBeNull();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 120_000 });
    const old = await signUpTicket(userId, SECRET);
    vi.useRealTimers();
    expect(await enter(old)).toBeNull();
  });

  it("an account with a second step gets no session for its password, nor for what allows the second step", async () => {
    const { userId, email, context } = await createUser(database.db, { password: PASSWORD });
    await startTotp(context, PASSWORD);
    const status = await getTotpStatus(context);
    const secret = status.state === "pending" ? status.secret : "";
    await confirmTotp(context, generateSync({ secret }));
    const person = browser();
    await throughPassword(person, email, PASSWORD);
    expect(await person.sessionId()).toBeNull();
    const ticket = await sealSecondStep(userId, SECRET);
    const form = { csrfToken: await person.csrfToken(), ticket, callbackUrl: "/wallet" };
    await person.open("/api/auth/callback/credentials", form);
    expect(await person.sessionId()).toBeNull();
    expect(await toldOfDevices(userId)).toEqual([]);
  });

  it("signing out ends the session itself, not only the cookie", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    await throughPassword(person, email, PASSWORD);
    const sessionId = (await person.sessionId()) ?? "";
    await person.open("/api/auth/signout", { csrfToken: await person.csrfToken() });
    expect(await person.sessionId()).toBeNull();
    expect(await findSession(database.db, sessionId)).toBeNull();
  });

  it("a cookie that was changed, or encrypted with another secret, signs nobody in", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    await throughPassword(person, email, PASSWORD);
    const cookie = person.cookies.get("cauris.session") ?? "";
    const read = (value: string, secret = SECRET) => sessionIdIn(value, { secret, isHttps: false });
    expect(await read(cookie)).not.toBeNull();
    for (const wrong of ["", "x", "a.b.c", "..", `${cookie.slice(0, -3)}AAA`, cookie.slice(0, -1)]) {
      expect(await read(wrong)).toBeNull();
    }
    expect(await read(cookie, "another secret that is long enough")).toBeNull();
  });

  it("Google signs a verified person in, and redirects back", async () => {
    const person = browser("en");
    expect(await throughGoogle(person)).toBe("/en/wallet");
    const email = String(google.state.claims.email);
    expect(await findSession(database.db, (await person.sessionId()) ?? "")).toMatchObject({
      email,
      locale: "en",
    });
  });

  it.each(["fr", "en"] as const)(
    "an unverified address of an existing account is refused (%s)",
    async (locale) => {
      const { email } = await createUser(database.db);
      google.state.claims = { sub: newKey(), email, email_verified: false };
      const person = browser(locale);
      const page = locale === "en" ? "/en/sign-in" : "/sign-in";
      expect(await throughGoogle(person)).toBe(`${page}?error=email_unverified`);
      expect(await person.sessionId()).toBeNull();
    },
  );

  it("an id token that somebody else signed is refused", async () => {
    google.state.isForged = true;
    const person = browser();
    expect(await throughGoogle(person)).toBe("/sign-in?error=google_failed");
    expect(await person.sessionId()).toBeNull();
  });

  it.each<[string, Claims, (back: URL) => void]>([
    ["another nonce", { nonce: "another" }, () => {}],
    ["another state", {}, (back) => back.searchParams.set("state", "another")],
    ["no state", {}, (back) => back.searchParams.delete("state")],
    ["a cancelled consent", {}, (back) => back.searchParams.set("error", "access_denied")],
  ])("%s is refused", async (_name, claims, alter) => {
    Object.assign(google.state.claims, claims);
    const person = browser();
    expect(await throughGoogle(person, alter)).toMatch(/^\/sign-in\?error=/);
    expect(await person.sessionId()).toBeNull();
  });

  it("a callback for another browser's sign-in is refused", async () => {
    const [attacker, person] = [browser(), browser()];
    let stolen = "";
    await throughGoogle(attacker, (back) => {
      stolen = back.pathname + back.search;
      back.searchParams.set("state", "unused");
    });
    await person.open(stolen);
    expect(await person.sessionId()).toBeNull();
  });

  it("nobody is sent to another site afterwards", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    for (const callbackUrl of [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
    ]) {
      const form = { csrfToken: await person.csrfToken(), email, password: PASSWORD, callbackUrl };
      const response = await person.open("/api/auth/callback/credentials", form);
      expect(response.headers.get("location")).toBe(`${ORIGIN}/`);
    }
  });

  it("a form without its CSRF token does nothing", async () => {
    const { email } = await createUser(database.db, { password: PASSWORD });
    const person = browser();
    await person.open("/api/auth/callback/credentials", { email, password: PASSWORD });
    expect(await person.sessionId()).toBeNull();
  });
});
