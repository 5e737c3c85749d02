import { encode } from "next-auth/jwt";
import type { Sql } from "postgres";
import type { Database } from "@/db/client";
import { signAccessToken } from "@/lib/auth/access-token";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { type TokenSettings, toTokenSettings } from "@/lib/auth/token-settings";
import { parseConfig } from "@/lib/config";
import { newKey } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { hashOfKey, newKeyText, shownPrefix } from "@/lib/services/api-access/keys/key-text";
import { API_PERMISSIONS, type ApiPermission } from "@/lib/services/api-access/keys/schema";
import { hashOfRefreshToken, newRefreshToken } from "@/lib/services/api-access/sessions/refresh-token";
import { startSession } from "@/lib/services/identity/sessions/start-session";
import { createContext, createFundedUser, type TestUser } from "./people";

export interface TestKey {
  id: bigint;
  /** The text that a client sends. */
  apiKey: string;
}

/** An API key for each user, valid for a day, in one statement and without the verb's limits. */
export async function insertApiKeys(
  owner: Sql,
  userIds: readonly bigint[],
  permissions: readonly ApiPermission[] = API_PERMISSIONS,
  name = "Test",
): Promise<TestKey[]> {
  const keys = userIds.map(() => newKeyText());
  const rows = await owner<{ id: string; prefix: string }[]>`
    insert into api_keys (user_id, name, prefix, hash, permissions, expires_at)
    select n.user_id, ${name}, n.prefix, decode(n.hash, 'hex'), ${[...permissions]}, now() + interval '1 day'
    from unnest(${userIds.map(String)}::bigint[], ${keys.map(shownPrefix)}::text[],
      ${keys.map((key) => hashOfKey(key).toString("hex"))}::text[]) with ordinality as n(user_id, prefix, hash, position)
    order by n.position returning id, prefix`;
  return keys.map((apiKey, at) => ({ apiKey, id: BigInt(rows[at]?.id ?? 0) }));
}

export interface ApiUser extends TestUser {
  /** A key with all permissions, valid for a day. */
  apiKey: string;
}

/** `count` users, each with these amounts in the wallet and an API key. */
export async function createApiUsers(
  { db, owner }: { db: Database; owner: Sql },
  count: number,
  ...amounts: Money[]
): Promise<ApiUser[]> {
  const users = await Promise.all(Array.from({ length: count }, () => createFundedUser(db, ...amounts)));
  const keys = await insertApiKeys(
    owner,
    users.map(({ userId }) => userId),
  );
  return users.map((user, at) => ({ ...user, apiKey: keys[at]?.apiKey ?? "" }));
}

/** An API key that expired an hour ago and may read and deposit. No verb can make one. */
export async function insertExpiredKey(
  owner: Sql,
  userId: bigint,
  {
    revoked = false,
    agoMs = 3_600_000,
    permissions = ["read", "deposit"],
  }: { revoked?: boolean; agoMs?: number; permissions?: readonly ApiPermission[] } = {},
): Promise<{ keyId: bigint; apiKey: string }> {
  const apiKey = newKeyText();
  const [row] = await owner<{ id: string }[]>`
    insert into api_keys (user_id, name, prefix, hash, permissions, expires_at, revoked_at)
    values (${userId.toString()}, 'old one', ${shownPrefix(apiKey)}, ${hashOfKey(apiKey)}, ${[...permissions]},
      clock_timestamp() - make_interval(secs => ${agoMs / 1000}), ${revoked ? new Date() : null})
    returning id`;
  return { keyId: BigInt(row?.id ?? 0), apiKey };
}

/** A session of the JSON API with its first refresh token. */
export async function insertApiSession(
  owner: Sql,
  userId: bigint,
): Promise<{ sessionId: string; refresh: string }> {
  const [sessionId, refresh] = [newKey(), newRefreshToken()];
  await owner`insert into api_sessions (id, user_id) values (${sessionId}, ${userId.toString()})`;
  await owner`insert into refresh_tokens (hash, session_id, expires_at)
    values (${hashOfRefreshToken(refresh)}, ${sessionId}, now() + interval '7 days')`;
  return { sessionId, refresh };
}

/** An access token as the deployment signs it; `forged` settings make it invalid. */
export async function createAccessToken(
  holder: { userId: bigint; sessionId: string },
  deployment: {
    url: string;
    appUrl: string;
    secrets: Record<"AUTH_SECRET" | "PIN_SECRET" | "JWT_SECRET_KEY", string>;
  },
  forged: Partial<TokenSettings> = {},
): Promise<string> {
  const { AUTH_SECRET, PIN_SECRET, JWT_SECRET_KEY } = deployment.secrets;
  const variables = {
    AUTH_SECRET,
    PIN_SECRET,
    JWT_SECRET_KEY,
    BASE_URL: deployment.url,
    DATABASE_URL: deployment.appUrl,
  };
  return await signAccessToken(holder, { ...toTokenSettings(parseConfig(variables)), ...forged });
}

/** The name of the session cookie over plain http. */
export const SESSION_COOKIE = sessionCookieName(false);

/** The session cookie's value for a session, encrypted as next-auth does. */
export async function sessionCookieValue(
  sessionId: string,
  secret: string,
  salt: string = SESSION_COOKIE,
): Promise<string> {
  return await encode({ token: { sid: sessionId }, secret, salt });
}

/** A new browser session: its id and its cookie's value. */
export async function createBrowserSession(
  db: Database,
  userId: bigint,
  secret: string,
): Promise<{ sessionId: string; value: string }> {
  const sessionId = await startSession(createContext(db), userId, "Chromium");
  return { sessionId, value: await sessionCookieValue(sessionId, secret) };
}
