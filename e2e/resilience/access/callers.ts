import { createHmac } from "node:crypto";
import { insertExpiredKey, SESSION_COOKIE } from "@/e2e/support/credentials";
import { newKeyText } from "@/lib/services/api-access/keys/key-text";
import type { Deployment } from "../deployment";
import type { CredentialIssuer } from "./issue-credentials";
import type { People } from "./people";
import { PERMISSIONS, type Permission, type Person } from "./person";

/** The people whose credentials callers use. */
export type Role = "owner" | "other" | "third";

/** Credentials as a caller sends them, and whom they authenticate. */
export interface Caller {
  name: string;
  headers: Record<string, string | string[]>;
  /** Appended to the query. */
  query?: string;
  /** Whose session the pages must take the cookie for; absent if it is invalid. */
  session?: Role;
  /** Whose access token the JSON API must take it for; absent if it is invalid. */
  token?: Role;
  key?: { role: Role; permissions: readonly Permission[] };
}

const cookie = (value: string, name = SESSION_COOKIE) => ({ cookie: `${name}=${value}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const apiKey = (text: string) => ({ "x-api-key": text });

/** All callers: with valid credentials of each kind, with invalidated and forged ones, and with valid ones in wrong places. */
export async function createCallers(
  deployment: Deployment,
  issuer: CredentialIssuer,
  people: People,
  invalidate: Invalidate,
): Promise<Caller[]> {
  const { owner, other, third } = people;
  const [session, otherSession] = [await issuer.sessionCookie(owner), await issuer.sessionCookie(other)];
  const [token, otherToken] = [await issuer.accessToken(owner), await issuer.accessToken(other)];
  const all = (await owner.heldKey(PERMISSIONS)).text;
  const singles = await Promise.all(
    PERMISSIONS.map(
      async (permission): Promise<Caller> => ({
        name: `third's key to ${permission}`,
        headers: apiKey((await third.heldKey([permission])).text),
        key: { role: "third", permissions: [permission] },
      }),
    ),
  );
  const whole = { role: "owner", permissions: PERMISSIONS } as const;
  return [
    { name: "anonymous", headers: {} },
    { name: "owner's session", headers: cookie(session), session: "owner" },
    { name: "other's session", headers: cookie(otherSession), session: "other" },
    { name: "owner's token", headers: bearer(token), token: "owner" },
    { name: "other's token", headers: bearer(otherToken), token: "other" },
    { name: "owner's key to all", headers: apiKey(all), key: whole },
    ...singles,
    {
      name: "other's key to all",
      headers: apiKey((await other.heldKey(PERMISSIONS)).text),
      key: { role: "other", permissions: PERMISSIONS },
    },
    {
      name: "owner's token, scheme in lower case",
      headers: { authorization: `bearer ${token}` },
      token: "owner",
    },
    {
      name: "other's session with the owner's token and key",
      headers: { ...cookie(otherSession), ...bearer(token), ...apiKey(all) },
      session: "other",
      token: "owner",
      key: whole,
    },
    ...(await invalidatedCallers(deployment, issuer, people, invalidate)),
    ...misplacedCallers(session, token, all),
  ];
}

/** Uses a credential while it is valid, so that the app caches it, and then invalidates it. */
export type Invalidate = (
  path: string,
  headers: Record<string, string>,
  invalidate: () => Promise<unknown>,
) => Promise<void>;

const PAGE = "/wallet/settings";
const ME = "/api/auth/me";
const BALANCE = "/api/wallet/balance";

/** Callers whose credential was valid until it expired, was revoked or its user frozen. */
async function invalidatedCallers(
  deployment: Deployment,
  issuer: CredentialIssuer,
  { owner, frozen }: People,
  invalidate: Invalidate,
): Promise<Caller[]> {
  const sql = deployment.owner;
  const [revoked, expired] = [await owner.session(), await owner.session()];
  const [revokedCookie, expiredCookie] = [await issuer.cookieOf(revoked), await issuer.cookieOf(expired)];
  await invalidate(
    PAGE,
    cookie(revokedCookie),
    () => sql`update sessions set revoked_at = now() where id = ${revoked}`,
  );
  await invalidate(
    PAGE,
    cookie(expiredCookie),
    () => sql`update sessions set expires_at = now() - interval '1 minute' where id = ${expired}`,
  );
  const api = await owner.apiSession();
  const endedToken = await issuer.signToken(owner, api.sessionId);
  await invalidate(
    ME,
    bearer(endedToken),
    () => sql`update api_sessions set revoked_at = now(), revoked_for = 'reuse' where id = ${api.sessionId}`,
  );
  const revokedKey = await owner.heldKey(PERMISSIONS);
  await invalidate(
    BALANCE,
    apiKey(revokedKey.text),
    () => sql`update api_keys set revoked_at = now() where id = ${revokedKey.id}`,
  );
  const [frozenCookie, frozenToken] = [await issuer.sessionCookie(frozen), await issuer.accessToken(frozen)];
  const frozenKey = (await frozen.heldKey(PERMISSIONS)).text;
  await invalidate(PAGE, cookie(frozenCookie), async () => {});
  await invalidate(ME, bearer(frozenToken), async () => {});
  await invalidate(
    BALANCE,
    apiKey(frozenKey),
    () => sql`update users set frozen_at = now() where id = ${frozen.userId.toString()}`,
  );
  return [
    { name: "ended session", headers: cookie(revokedCookie) },
    { name: "expired session", headers: cookie(expiredCookie) },
    { name: "ended token", headers: bearer(endedToken) },
    { name: "revoked key", headers: apiKey(revokedKey.text) },
    { name: "expired key", headers: apiKey((await insertExpiredKey(sql, owner.userId)).apiKey) },
    { name: "frozen user's session", headers: cookie(frozenCookie) },
    { name: "frozen user's token", headers: bearer(frozenToken) },
    { name: "frozen user's key", headers: apiKey(frozenKey) },
    ...(await forgedCallers(issuer, owner)),
  ];
}

/** Callers with credentials that were never valid. */
async function forgedCallers(issuer: CredentialIssuer, owner: Person): Promise<Caller[]> {
  const { sessionId, refresh } = await owner.apiSession();
  const valid = await issuer.signToken(owner, sessionId);
  const [, claims = ""] = valid.split(".");
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${encoded({ alg: "none", typ: "JWT" })}.${claims}.`;
  const head = encoded({ alg: "HS256", typ: "JWT" });
  const emptyKey = `${head}.${claims}.${createHmac("sha256", "").update(`${head}.${claims}`).digest("base64url")}`;
  const webSession = await owner.session();
  const otherSecret = "x".repeat(48);
  return [
    { name: "expired token", headers: bearer(await issuer.signToken(owner, sessionId, { minutes: -1 })) },
    { name: "refresh token as a token", headers: bearer(refresh) },
    {
      name: "token of type refresh",
      headers: bearer(await issuer.signToken(owner, sessionId, { type: "refresh" })),
    },
    {
      name: "token for another audience",
      headers: bearer(await issuer.signToken(owner, sessionId, { audience: "https://elsewhere.test" })),
    },
    {
      name: "token with the id of a page session",
      headers: bearer(await issuer.signToken(owner, webSession)),
    },
    { name: "unsigned token", headers: bearer(unsigned) },
    { name: "token signed with an empty secret", headers: bearer(emptyKey) },
    {
      name: "token signed with another secret",
      headers: bearer(await issuer.signToken(owner, sessionId, { secret: otherSecret })),
    },
    { name: "garbage token", headers: bearer("eyJhbGciOiJIUzI1NiJ9.e30.x") },
    {
      name: "cookie encrypted with another secret",
      headers: cookie(await issuer.cookieOf(webSession, { secret: otherSecret })),
    },
    {
      name: "cookie encrypted for another name",
      headers: cookie(await issuer.cookieOf(webSession, { salt: "authjs.session-token" })),
    },
    { name: "session id as a cookie", headers: cookie(webSession) },
    { name: "garbage cookie", headers: cookie("eyJhbGciOiJkaXIifQ..x.y.z") },
    { name: "garbage key", headers: apiKey(newKeyText()) },
  ];
}

/** Valid credentials in places that must not be read. */
function misplacedCallers(session: string, token: string, key: string): Caller[] {
  return [
    { name: "cookie under Secure's name", headers: cookie(session, "__Secure-cauris.session") },
    { name: "cookie under Host's name", headers: cookie(session, "__Host-cauris.session") },
    {
      name: "cookie under next-auth's names",
      headers: { cookie: `authjs.session-token=${session}; next-auth.session-token=${session}` },
    },
    { name: "token in the cookie", headers: cookie(token) },
    { name: "token in the query", headers: {}, query: `token=${token}&access_token=${token}&jwt=${token}` },
    { name: "key in the query", headers: {}, query: `api_key=${key}&x-api-key=${key}&key=${key}` },
    { name: "token without a scheme", headers: { authorization: token } },
    { name: "token twice in a line", headers: { authorization: `Bearer ${token}, Bearer ${token}` } },
    { name: "garbage before the token", headers: { authorization: ["Bearer x", `Bearer ${token}`] } },
    { name: "key as a token", headers: bearer(key) },
    { name: "token as a key", headers: apiKey(token) },
    { name: "session as a token", headers: bearer(session) },
    { name: "key twice", headers: { "x-api-key": [key, key] } },
    {
      name: "basic credentials",
      headers: { authorization: `Basic ${Buffer.from(`owner:${key}`).toString("base64")}` },
    },
  ];
}
