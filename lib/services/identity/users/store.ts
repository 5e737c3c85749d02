import { and, desc, eq, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { identities, operations, users, wallets } from "@/db/schema";

export type UserRow = typeof users.$inferSelect;
export type NewUserRow = typeof users.$inferInsert;

/** Null when somebody has verified this address or number, or claims the address; a verified one may be claimed by nobody else. */
export async function insertUser(tx: Transaction, values: NewUserRow): Promise<UserRow | null> {
  const [row] = await tx.insert(users).values(values).onConflictDoNothing().returning();
  return row ?? null;
}

/** The account that has verified an address, or else the one that claims it. */
export async function findUserByEmail(reader: Reader, email: string): Promise<UserRow | null> {
  const [row] = await findUsersByEmail(reader, email);
  return row ?? null;
}

/** Two at most: the account that has verified an address, then the one that claims it. */
export async function findUsersByEmail(reader: Reader, email: string): Promise<UserRow[]> {
  return await reader
    .select()
    .from(users)
    .where(eq(users.email, email))
    .orderBy(sql`${users.emailVerifiedAt} is null`);
}

/** Two at most: the account that has verified a number, then the last one that it was taken from. Claims don't count. */
export async function findUsersByPhone(reader: Reader, phone: string): Promise<UserRow[]> {
  const verified = and(eq(users.phone, phone), isNotNull(users.phoneVerifiedAt));
  return await reader
    .select()
    .from(users)
    .where(or(verified, eq(users.formerPhone, phone)))
    .orderBy(sql`${verified} desc`, desc(users.updatedAt))
    .limit(2);
}

export async function findUserById(reader: Reader, userId: bigint): Promise<UserRow | null> {
  const [row] = await reader.select().from(users).where(eq(users.id, userId));
  return row ?? null;
}

/** A number as it is typed in the profile; one that was verified stays. */
export function unverifiedPhone(phone: string | null): SQL {
  return sql`case when ${users.phoneVerifiedAt} is null then ${phone} else ${users.phone} end`;
}

type UserChanges = { [K in keyof Omit<NewUserRow, "id">]?: NewUserRow[K] | SQL };

export async function updateUser(
  tx: Transaction,
  userId: bigint,
  changes: UserChanges,
): Promise<UserRow | null> {
  const [row] = await tx
    .update(users)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(users.id, userId))
    .returning();
  return row ?? null;
}

/** Replaces a password that was read before, null for none; false when it was replaced meanwhile. */
export async function replacePasswordHash(
  tx: Transaction,
  userId: bigint,
  { before, hash }: { before: string | null; hash: string },
): Promise<boolean> {
  const isUnchanged = before === null ? isNull(users.passwordHash) : eq(users.passwordHash, before);
  const rows = await tx
    .update(users)
    .set({ passwordHash: hash, updatedAt: sql`now()` })
    .where(and(eq(users.id, userId), isUnchanged))
    .returning({ id: users.id });
  return rows.length > 0;
}

export async function findUserByIdentity(
  reader: Reader,
  provider: string,
  subject: string,
): Promise<UserRow | null> {
  const [row] = await reader
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return row?.user ?? null;
}

/** True when the person has an account at `provider`, whichever it is. */
export async function hasIdentity(reader: Reader, userId: bigint, provider: string): Promise<boolean> {
  const rows = await reader
    .select({ subject: identities.subject })
    .from(identities)
    .where(and(eq(identities.userId, userId), eq(identities.provider, provider)));
  return rows.length > 0;
}

/**
 * True for an account whose wallet was used, that is frozen, or that has a verified number. Whoever proves an address that it never verified
 * must not get what is in it.
 */
export async function isInUse(reader: Reader, user: UserRow): Promise<boolean> {
  if (user.phoneVerifiedAt !== null || user.frozenAt !== null) return true;
  const [row] = await reader.execute<{ used: boolean }>(sql`select
    exists (select from ${operations} o join ${wallets} w on w.id in (o.wallet_id, o.counterparty_wallet_id)
      where w.user_id = ${user.id}) as used`);
  return row?.used ?? false;
}

/** False when the account at the provider belongs to somebody already. */
export async function insertIdentity(
  tx: Transaction,
  identity: { provider: string; subject: string; userId: bigint },
): Promise<boolean> {
  const rows = await tx.insert(identities).values(identity).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** Locks the user, so that two sign-ins can't both link an identity. */
export async function lockUserByEmail(tx: Transaction, email: string): Promise<UserRow | null> {
  const [row] = await tx
    .select()
    .from(users)
    .where(eq(users.email, email))
    .orderBy(sql`${users.emailVerifiedAt} is null`)
    .limit(1)
    .for("update");
  return row ?? null;
}

export interface ProfileRow {
  user: UserRow;
  walletNumber: string;
}

export async function findProfile(reader: Reader, userId: bigint): Promise<ProfileRow | null> {
  const [row] = await reader
    .select({ user: users, walletNumber: wallets.number })
    .from(users)
    .innerJoin(wallets, eq(wallets.userId, users.id))
    .where(eq(users.id, userId));
  return row ?? null;
}
