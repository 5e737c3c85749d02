import { and, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { apiSessions, oauthRequests, refreshTokens, users } from "@/db/schema";

export interface NewOauthRequest {
  stateHash: Buffer;
  nonce: string;
  codeVerifier: string;
}

export async function insertOauthRequest(
  tx: Transaction,
  request: NewOauthRequest,
  lifetimeMinutes: number,
): Promise<void> {
  await tx.insert(oauthRequests).values({
    ...request,
    expiresAt: sql`clock_timestamp() + make_interval(mins => ${lifetimeMinutes}::int)`,
  });
}

export interface TakenOauthRequest extends NewOauthRequest {
  expiresAt: Date;
}

/** Of several that take the same one, one gets it. Null for an expired one too, which is gone then. */
export async function takeOauthRequest(
  tx: Transaction,
  stateHash: Buffer,
): Promise<TakenOauthRequest | null> {
  const [row] = await tx
    .delete(oauthRequests)
    .where(eq(oauthRequests.stateHash, stateHash))
    .returning({
      stateHash: oauthRequests.stateHash,
      nonce: oauthRequests.nonce,
      codeVerifier: oauthRequests.codeVerifier,
      expiresAt: oauthRequests.expiresAt,
      isLive: sql<boolean>`${oauthRequests.expiresAt} > clock_timestamp()`,
    });
  if (!row?.isLive) return null;
  const { isLive: _, ...request } = row;
  return request;
}

export async function putBackOauthRequest(tx: Transaction, request: TakenOauthRequest): Promise<void> {
  await tx.insert(oauthRequests).values(request);
}

/**
 * Deletes expired requests, one transaction at a time; others skip it. The application may not update these rows, so it
 * can't use `skip locked`.
 */
export async function sweepOauthRequests(tx: Transaction, limit: number): Promise<void> {
  await tx.execute(sql`
    delete from oauth_requests
    where (select pg_try_advisory_xact_lock(hashtextextended('sweep_oauth_requests', 0)))
      and state_hash in (
        select state_hash from oauth_requests where expires_at < now() order by expires_at limit ${limit})`);
}

/** When an API session began; null for an id that isn't one's. */
export async function findSessionStart(reader: Reader, sessionId: string): Promise<Date | null> {
  const [row] = await reader
    .select({ createdAt: apiSessions.createdAt })
    .from(apiSessions)
    .where(eq(apiSessions.id, sessionId));
  return row?.createdAt ?? null;
}

/** False when there is no such user, or it is frozen. */
export async function insertApiSession(tx: Transaction, sessionId: string, userId: bigint): Promise<boolean> {
  const rows = await tx.execute(sql`
    insert into api_sessions (id, user_id)
    select ${sessionId}::uuid, id from users where id = ${userId.toString()}::bigint and frozen_at is null
    returning id`);
  return rows.length > 0;
}

export async function insertRefreshToken(
  tx: Transaction,
  { hash, sessionId, lifetimeDays }: { hash: Buffer; sessionId: string; lifetimeDays: number },
): Promise<void> {
  await tx.insert(refreshTokens).values({
    hash,
    sessionId,
    expiresAt: sql`clock_timestamp() + make_interval(days => ${lifetimeDays}::int)`,
  });
}

export async function sweepRefreshTokens(tx: Transaction, afterDays: number, limit: number): Promise<void> {
  await tx.execute(sql`
    delete from refresh_tokens where hash in (
      select hash from refresh_tokens where expires_at < now() - make_interval(days => ${afterDays}::int)
      order by expires_at limit ${limit} for update skip locked)`);
}

/** The session that a token is or was of. */
export async function findSessionOfToken(
  reader: Reader,
  hash: Buffer,
): Promise<{ sessionId: string; userId: bigint } | null> {
  const [row] = await reader
    .select({ sessionId: refreshTokens.sessionId, userId: apiSessions.userId })
    .from(refreshTokens)
    .innerJoin(apiSessions, eq(apiSessions.id, refreshTokens.sessionId))
    .where(eq(refreshTokens.hash, hash));
  return row ?? null;
}

/**
 * Serializes uses of this family's tokens until the transaction ends. False when the session was ended, began `daysMax`
 * days ago or earlier, or its user is frozen.
 */
export async function lockLiveSession(tx: Transaction, sessionId: string, daysMax: number): Promise<boolean> {
  const rows = await tx
    .select({
      revokedAt: apiSessions.revokedAt,
      frozenAt: users.frozenAt,
      isOver: sql<boolean>`${apiSessions.createdAt} <= clock_timestamp() - make_interval(days => ${daysMax}::int)`,
    })
    .from(apiSessions)
    .innerJoin(users, eq(users.id, apiSessions.userId))
    .where(eq(apiSessions.id, sessionId))
    .for("no key update", { of: apiSessions });
  return rows.some(({ revokedAt, frozenAt, isOver }) => revokedAt === null && frozenAt === null && !isOver);
}

export interface RefreshTokenState {
  isExpired: boolean;
  isUsed: boolean;
  /** Seconds since it was used, by the database's clock; null when it wasn't. */
  usedSecondsAgo: number | null;
}

export async function findRefreshToken(tx: Transaction, hash: Buffer): Promise<RefreshTokenState | null> {
  const [row] = await tx
    .select({
      isExpired: sql<boolean>`${refreshTokens.expiresAt} <= clock_timestamp()`,
      isUsed: sql<boolean>`${refreshTokens.usedAt} is not null`,
      usedSecondsAgo: sql<
        number | null
      >`extract(epoch from clock_timestamp() - ${refreshTokens.usedAt})::float8`,
    })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, hash));
  return row ?? null;
}

export async function markRefreshTokenUsed(tx: Transaction, hash: Buffer): Promise<void> {
  await tx.update(refreshTokens).set({ usedAt: sql`clock_timestamp()` }).where(eq(refreshTokens.hash, hash));
}

/** False when it isn't this user's, or was ended before: then it keeps its reason. */
export async function markApiSessionRevoked(
  tx: Transaction,
  userId: bigint,
  sessionId: string,
  reason: "logout" | "reuse",
): Promise<boolean> {
  const rows = await tx
    .update(apiSessions)
    .set({ revokedAt: sql`now()`, revokedFor: reason })
    .where(and(eq(apiSessions.userId, userId), eq(apiSessions.id, sessionId), isNull(apiSessions.revokedAt)))
    .returning({ id: apiSessions.id });
  return rows.length > 0;
}

/** True while the session of this user works. */
export async function isApiSessionLive(reader: Reader, sessionId: string, userId: bigint): Promise<boolean> {
  const rows = await reader
    .select({ id: apiSessions.id })
    .from(apiSessions)
    .innerJoin(users, eq(users.id, apiSessions.userId))
    .where(
      and(
        eq(apiSessions.id, sessionId),
        eq(apiSessions.userId, userId),
        isNull(apiSessions.revokedAt),
        isNull(users.frozenAt),
      ),
    );
  return rows.length > 0;
}
