import { createHmac, createSecretKey } from "node:crypto";
import { insertExpiredKey, SESSION_COOKIE } from "@/e2e/support/credentials";
import { newKeyText } from "@/lib/services/api-access/keys/key-text";
import { API_PERMISSIONS, type ApiPermission } from "@/lib/services/api-access/keys/schema";
import type { Deployment } from "../deployment";
import { type HttpRequest, send } from "../requests/http";
import type { Person } from "../requests/person";
import type { People, Role } from "./people";

/** Credentials as a caller sends them, and whom they authenticate. */
export interface Caller {
  name: string;
  headers: HttpRequest["headers"];
  /** Appended to the query. */
  query?: string;
  /** Whose session the pages must take the cookie for; absent if it is invalid. */
  session?: Role;
  /** Whose access token the JSON API must take it for; absent if it is invalid. */
  token?: Role;
  key?: { role: Role; permissions: readonly ApiPermission[] };
}

const cookie = (value: string, name = SESSION_COOKIE) => ({ cookie: `${name}=${value}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const apiKey = (text: string) => ({ "x-api-key": text });

/** All callers: with valid credentials of each kind, with invalidated and forged ones, and with valid ones in wrong places. */
export async function createCallers(deployment: Deployment, people: People): Promise<Caller[]> {
  const { owner, other, third } = people;
  const [session, otherSession] = [await owner.cookieValue(), await other.cookieValue()];
  const [token, otherToken] = [await owner.accessToken(), await other.accessToken()];
  const all = (await owner.heldKey()).apiKey;
  const othersKey = (await other.heldKey()).apiKey;
  const limited = API_PERMISSIONS.map(
    async (permission): Promise<Caller> => ({
      name: `third's key to ${permission}`,
      headers: apiKey((await third.heldKey([permission])).apiKey),
      key: { role: "third", permissions: [permission] },
    }),
  );
  const ownersKey = { role: "owner", permissions: API_PERMISSIONS } as const;
  return [
    { name: "anonymous", headers: {} },
    { name: "owner's session", headers: cookie(session), session: "owner" },
    { name: "other's session", headers: cookie(otherSession), session: "other" },
    { name: "owner's token", headers: bearer(token), token: "owner" },
    { name: "other's token", headers: bearer(otherToken), token: "other" },
    { name: "owner's key to all", headers: apiKey(all), key: ownersKey },
    ...(await Promise.all(limited)),
    { name: "other's key to all", headers: apiKey(othersKey), key: { ...ownersKey, role: "other" } },
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
      key: ownersKey,
    },
    ...Object.entries({
      ...(await invalidatedCredentials(deployment, people)),
      ...(await forgedCredentials(owner)),
      ...misplacedCredentials(session, token, all),
    }).map(([name, headers]) => ({ name, headers })),
    { name: "token in the query", headers: {}, query: `token=${token}&access_token=${token}&jwt=${token}` },
    { name: "key in the query", headers: {}, query: `api_key=${all}&x-api-key=${all}&key=${all}` },
  ];
}

type Credentials = Record<string, Caller["headers"]>;

/** Credentials that were valid until they expired, were revoked or their user was frozen. */
async function invalidatedCredentials(
  { owner: sql, url }: Deployment,
  { owner, frozen }: People,
): Promise<Credentials> {
  const [revoked, expired] = [await owner.session(), await owner.session()];
  const api = await owner.apiSession();
  const key = await owner.heldKey();
  const credentials = {
    "ended session": cookie(await owner.cookieValue(revoked)),
    "expired session": cookie(await owner.cookieValue(expired)),
    "ended token": bearer(await owner.accessToken(api.sessionId)),
    "revoked key": apiKey(key.apiKey),
    "frozen user's session": cookie(await frozen.cookieValue()),
    "frozen user's token": bearer(await frozen.accessToken()),
    "frozen user's key": apiKey((await frozen.heldKey()).apiKey),
  };
  // Each is used while it is valid: the app caches it, and the refusal of what never was valid would show nothing.
  for (const [name, headers] of Object.entries(credentials)) {
    const target = { session: "/wallet/settings", token: "/api/auth/me", key: "/api/wallet/balance" }[
      name.split(" ").at(-1) as "session" | "token" | "key"
    ];
    const { status } = await send(url, { method: "GET", target, headers });
    if (status !== 200) throw new Error(`a valid credential was refused at ${target}: ${status}`);
  }
  await sql`update sessions set revoked_at = now() where id = ${revoked}`;
  await sql`update sessions set expires_at = now() - interval '1 minute' where id = ${expired}`;
  await sql`update api_sessions set revoked_at = now(), revoked_for = 'reuse' where id = ${api.sessionId}`;
  await sql`update api_keys set revoked_at = now() where id = ${key.id.toString()}`;
  await sql`update users set frozen_at = now() where id = ${frozen.user.userId.toString()}`;
  return { ...credentials, "expired key": apiKey((await insertExpiredKey(sql, owner.user.userId)).apiKey) };
}

/** Credentials that were never valid. */
async function forgedCredentials(owner: Person): Promise<Credentials> {
  const { sessionId, refresh } = await owner.apiSession();
  const webSession = await owner.session();
  const token = async (forged: Parameters<Person["accessToken"]>[1]) =>
    bearer(await owner.accessToken(sessionId, forged));
  const [, claims = ""] = (await owner.accessToken(sessionId)).split(".");
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = encoded({ alg: "HS256", typ: "JWT" });
  const signature = createHmac("sha256", "").update(`${head}.${claims}`).digest("base64url");
  const secret = "x".repeat(48);
  return {
    "expired token": await token({ lifetimeMinutes: -1 }),
    "refresh token as a token": bearer(refresh),
    "token for another audience": await token({ audience: "https://elsewhere.test" }),
    "token with the id of a page session": bearer(await owner.accessToken(webSession)),
    "unsigned token": bearer(`${encoded({ alg: "none", typ: "JWT" })}.${claims}.`),
    "token signed with an empty secret": bearer(`${head}.${claims}.${signature}`),
    "token signed with another secret": await token({ key: createSecretKey(Buffer.from(secret)) }),
    "garbage token": bearer("eyJhbGciOiJIUzI1NiJ9.e30.x"),
    "cookie encrypted with another secret": cookie(await owner.cookieValue(webSession, { secret })),
    "cookie encrypted for another name": cookie(
      await owner.cookieValue(webSession, { salt: "authjs.session-token" }),
    ),
    "session id as a cookie": cookie(webSession),
    "garbage cookie": cookie("eyJhbGciOiJkaXIifQ..x.y.z"),
    "garbage key": apiKey(newKeyText()),
  };
}

/** Valid credentials in headers that must not be read. */
function misplacedCredentials(session: string, token: string, key: string): Credentials {
  return {
    "cookie under Secure's name": cookie(session, "__Secure-cauris.session"),
    "cookie under Host's name": cookie(session, "__Host-cauris.session"),
    "cookie under next-auth's names": {
      cookie: `authjs.session-token=${session}; next-auth.session-token=${session}`,
    },
    "token in the cookie": cookie(token),
    "token without a scheme": { authorization: token },
    "token twice in a line": { authorization: `Bearer ${token}, Bearer ${token}` },
    "garbage before the token": { authorization: ["Bearer x", `Bearer ${token}`] },
    "key as a token": bearer(key),
    "token as a key": apiKey(token),
    "session as a token": bearer(session),
    "key twice": { "x-api-key": [key, key] },
    "basic credentials": {
      authorization: `Basic ${Buffer.from(`owner:${key}`).toString("base64")}`,
    },
  };
}
