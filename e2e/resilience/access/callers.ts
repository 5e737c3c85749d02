import { createHmac } from "node:crypto";
import { insertExpiredKey } from "@/lib/services/api-access/keys/key-fixtures";
import { newKeyText } from "@/lib/services/api-access/keys/key-text";
import type { Deployment } from "../deployment";
import { type Mint, SESSION_COOKIE } from "./issue-credentials";
import type { People } from "./people";
import { PERMISSIONS, type Permission, type Person } from "./person";

export type Who = "owner" | "other" | "third";

/** Somebody at a door, and what really stands behind what they show. */
export interface Caller {
  name: string;
  headers: Record<string, string | string[]>;
  /** Added to the query. */
  query?: string;
  /** Whose session the pages must take it for; absent for nobody's. */
  session?: Who;
  /** Whose access token the JSON API must take it for. */
  token?: Who;
  key?: { who: Who; permissions: readonly Permission[] };
}

const cookie = (value: string, name = SESSION_COOKIE) => ({ cookie: `${name}=${value}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const apiKey = (text: string) => ({ "x-api-key": text });

/** Everybody who comes to a door: a good credential of each kind, each spoilt in its way, and each in a wrong place. */
export async function createCallers(
  deployment: Deployment,
  mint: Mint,
  people: People,
  spoil: Spoil,
): Promise<Caller[]> {
  const { owner, other, third } = people;
  const [session, otherSession] = [await mint.session(owner), await mint.session(other)];
  const [token, otherToken] = [await mint.token(owner), await mint.token(other)];
  const all = (await owner.heldKey(PERMISSIONS)).text;
  const singles = await Promise.all(
    PERMISSIONS.map(
      async (permission): Promise<Caller> => ({
        name: `third's key to ${permission}`,
        headers: apiKey((await third.heldKey([permission])).text),
        key: { who: "third", permissions: [permission] },
      }),
    ),
  );
  const whole = { who: "owner", permissions: PERMISSIONS } as const;
  return [
    { name: "nobody", headers: {} },
    { name: "owner's session", headers: cookie(session), session: "owner" },
    { name: "other's session", headers: cookie(otherSession), session: "other" },
    { name: "owner's token", headers: bearer(token), token: "owner" },
    { name: "other's token", headers: bearer(otherToken), token: "other" },
    { name: "owner's key to all", headers: apiKey(all), key: whole },
    ...singles,
    {
      name: "other's key to all",
      headers: apiKey((await other.heldKey(PERMISSIONS)).text),
      key: { who: "other", permissions: PERMISSIONS },
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
    ...(await spoiltCallers(deployment, mint, people, spoil)),
    ...misplaced(session, token, all),
  ];
}

/** Shows a credential while it is good and once it isn't: what the app remembers of it counts too. */
export type Spoil = (
  path: string,
  headers: Record<string, string>,
  spoil: () => Promise<unknown>,
) => Promise<void>;

const PAGE = "/wallet/settings";
const ME = "/api/auth/me";
const BALANCE = "/api/wallet/balance";

async function spoiltCallers(
  deployment: Deployment,
  mint: Mint,
  { owner, frozen }: People,
  spoil: Spoil,
): Promise<Caller[]> {
  const sql = deployment.owner;
  const [revoked, expired] = [await owner.session(), await owner.session()];
  const [revokedCookie, expiredCookie] = [await mint.cookieOf(revoked), await mint.cookieOf(expired)];
  await spoil(
    PAGE,
    cookie(revokedCookie),
    () => sql`update sessions set revoked_at = now() where id = ${revoked}`,
  );
  await spoil(
    PAGE,
    cookie(expiredCookie),
    () => sql`update sessions set expires_at = now() - interval '1 minute' where id = ${expired}`,
  );
  const api = await owner.apiSession();
  const endedToken = await mint.sign(owner, api.sessionId);
  await spoil(
    ME,
    bearer(endedToken),
    () => sql`update api_sessions set revoked_at = now(), revoked_for = 'reuse' where id = ${api.sessionId}`,
  );
  const revokedKey = await owner.heldKey(PERMISSIONS);
  await spoil(
    BALANCE,
    apiKey(revokedKey.text),
    () => sql`update api_keys set revoked_at = now() where id = ${revokedKey.id}`,
  );
  const [frozenCookie, frozenToken] = [await mint.session(frozen), await mint.token(frozen)];
  const frozenKey = (await frozen.heldKey(PERMISSIONS)).text;
  await spoil(PAGE, cookie(frozenCookie), async () => {});
  await spoil(ME, bearer(frozenToken), async () => {});
  await spoil(
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
    { name: "frozen person's session", headers: cookie(frozenCookie) },
    { name: "frozen person's token", headers: bearer(frozenToken) },
    { name: "frozen person's key", headers: apiKey(frozenKey) },
    ...(await forged(mint, owner)),
  ];
}

async function forged(mint: Mint, owner: Person): Promise<Caller[]> {
  const { sessionId, refresh } = await owner.apiSession();
  const good = await mint.sign(owner, sessionId);
  const [, claims = ""] = good.split(".");
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${encoded({ alg: "none", typ: "JWT" })}.${claims}.`;
  const head = encoded({ alg: "HS256", typ: "JWT" });
  const emptyKey = `${head}.${claims}.${createHmac("sha256", "").update(`${head}.${claims}`).digest("base64url")}`;
  const webSession = await owner.session();
  const otherSecret = "x".repeat(48);
  return [
    { name: "expired token", headers: bearer(await mint.sign(owner, sessionId, { minutes: -1 })) },
    { name: "refresh token as a token", headers: bearer(refresh) },
    {
      name: "token of type refresh",
      headers: bearer(await mint.sign(owner, sessionId, { type: "refresh" })),
    },
    {
      name: "token for elsewhere",
      headers: bearer(await mint.sign(owner, sessionId, { audience: "https://elsewhere.test" })),
    },
    { name: "token of a page's session", headers: bearer(await mint.sign(owner, webSession)) },
    { name: "unsigned token", headers: bearer(unsigned) },
    { name: "token signed with nothing", headers: bearer(emptyKey) },
    {
      name: "token signed by somebody else",
      headers: bearer(await mint.sign(owner, sessionId, { secret: otherSecret })),
    },
    { name: "garbage token", headers: bearer("eyJhbGciOiJIUzI1NiJ9.e30.x") },
    {
      name: "cookie under another secret",
      headers: cookie(await mint.cookieOf(webSession, { secret: otherSecret })),
    },
    {
      name: "cookie under another name's salt",
      headers: cookie(await mint.cookieOf(webSession, { salt: "authjs.session-token" })),
    },
    { name: "session id as a cookie", headers: cookie(webSession) },
    { name: "garbage cookie", headers: cookie("eyJhbGciOiJkaXIifQ..x.y.z") },
    { name: "garbage key", headers: apiKey(newKeyText()) },
  ];
}

/** Good credentials where nobody should look for them. */
function misplaced(session: string, token: string, key: string): Caller[] {
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
