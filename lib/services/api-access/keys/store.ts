import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader, Transaction } from "@/db/client";
import { apiKeys, users } from "@/db/schema";
import type { ApiKeyExpiry, ApiPermission } from "./schema";

const successors = alias(apiKeys, "successors");

const isRevoked = sql<boolean>`${apiKeys.revokedAt} is not null`;
const isExpired = sql<boolean>`${apiKeys.expiresAt} <= statement_timestamp()`;
const isLive = and(isNull(apiKeys.revokedAt), sql`${apiKeys.expiresAt} > statement_timestamp()`);

const keyColumns = {
  id: apiKeys.id,
  name: apiKeys.name,
  prefix: apiKeys.prefix,
  permissions: apiKeys.permissions,
  expiresAt: apiKeys.expiresAt,
  isRevoked,
  isExpired,
  isReplaced: sql<boolean>`exists (select from ${apiKeys} as ${sql.identifier("successors")}
    where ${successors.replacesKeyId} = ${apiKeys}."id")`,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
};

export interface KeyRow {
  id: bigint;
  name: string;
  prefix: string;
  permissions: ApiPermission[];
  expiresAt: Date;
  isRevoked: boolean;
  isExpired: boolean;
  isReplaced: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** Locks the user's row while their keys are counted; false when there is none or it is frozen. */
export async function lockActiveUser(tx: Transaction, userId: bigint): Promise<boolean> {
  const [row] = await tx
    .select({ frozenAt: users.frozenAt })
    .from(users)
    .where(eq(users.id, userId))
    .for("no key update");
  return row !== undefined && row.frozenAt === null;
}

export async function countActiveKeys(tx: Transaction, userId: bigint): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), isLive));
  return row?.count ?? 0;
}

const LIFETIMES: Record<ApiKeyExpiry, string> = {
  "1H": "1 hour",
  "1D": "1 day",
  "1M": "1 month",
  "1Y": "1 year",
};

/** Calendar months and years are UTC's, whatever the connection's time zone is. */
function expiryFromNow(expiry: ApiKeyExpiry) {
  return sql`(clock_timestamp() at time zone 'UTC' + ${LIFETIMES[expiry]}::interval) at time zone 'UTC'`;
}

export interface NewKey {
  userId: bigint;
  name: string;
  prefix: string;
  hash: Buffer;
  permissions: ApiPermission[];
  expiry: ApiKeyExpiry;
  replacesKeyId: bigint | null;
}

export async function insertKey(tx: Transaction, { expiry, ...values }: NewKey): Promise<KeyRow | null> {
  const [row] = await tx
    .insert(apiKeys)
    .values({ ...values, expiresAt: expiryFromNow(expiry) })
    .returning({ ...keyColumns, isReplaced: sql<boolean>`false` });
  return row ?? null;
}

export async function findKeyOfUser(reader: Reader, userId: bigint, keyId: bigint): Promise<KeyRow | null> {
  const [row] = await reader
    .select(keyColumns)
    .from(apiKeys)
    .where(and(eq(apiKeys.id, keyId), eq(apiKeys.userId, userId)));
  return row ?? null;
}

/** Newest first; live ones are never cut off. */
export async function listKeysOfUser(reader: Reader, userId: bigint, limit: number): Promise<KeyRow[]> {
  const rows = await reader
    .select(keyColumns)
    .from(apiKeys)
    .where(eq(apiKeys.userId, userId))
    .orderBy(desc(sql`${isLive}`), desc(apiKeys.id))
    .limit(limit);
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Everybody's, or one person's: live ones first, then newest first. */
export async function listKeysOfAll(
  reader: Reader,
  userId: bigint | null,
  limit: number,
): Promise<(KeyRow & { email: string | null; phone: string | null })[]> {
  return await reader
    .select({ ...keyColumns, email: users.email, phone: users.phone })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(userId === null ? undefined : eq(users.id, userId))
    .orderBy(desc(sql`${isLive}`), desc(apiKeys.id))
    .limit(limit);
}

export async function findOwnerOfKey(reader: Reader, keyId: bigint): Promise<bigint | null> {
  const [row] = await reader.select({ userId: apiKeys.userId }).from(apiKeys).where(eq(apiKeys.id, keyId));
  return row?.userId ?? null;
}

/** False when it isn't this user's, or was revoked before. */
export async function markKeyRevoked(tx: Transaction, userId: bigint, keyId: bigint): Promise<boolean> {
  const rows = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.userId, userId), eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  return rows.length > 0;
}

export interface LiveKey {
  keyId: bigint;
  userId: bigint;
  permissions: ApiPermission[];
  remainingMs: number;
}

/** A key that works at this moment of the database's clock, and whose user isn't frozen. */
export async function findLiveKey(reader: Reader, hash: Buffer): Promise<LiveKey | null> {
  const [row] = await reader
    .select({
      keyId: apiKeys.id,
      userId: apiKeys.userId,
      permissions: apiKeys.permissions,
      remainingMs: sql<number>`(extract(epoch from ${apiKeys.expiresAt} - statement_timestamp()) * 1000)::float8`,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(and(eq(apiKeys.hash, hash), isLive, isNull(users.frozenAt)));
  return row ?? null;
}

/** Sets when keys were last used, never back. */
export async function touchKeys(
  tx: Transaction,
  uses: readonly { keyId: bigint; ageMs: number }[],
): Promise<void> {
  const ids = uses.map(({ keyId }) => keyId.toString());
  const ages = uses.map(({ ageMs }) => ageMs);
  await tx.execute(sql`
    update api_keys k
    set last_used_at = greatest(k.last_used_at, clock_timestamp() - make_interval(secs => used.age_ms / 1000.0))
    from (
      select (e->>0)::bigint as id, (e->>1)::float8 as age_ms
      from jsonb_array_elements(${JSON.stringify(ids.map((id, index) => [id, ages[index]]))}::jsonb) e
    ) used
    where k.id = used.id`);
}
