import { and, desc, eq, gt, isNull, lt, ne, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { identities, sessions, users, wallets } from "@/db/schema";

export type UserRow = typeof users.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type NewUserRow = typeof users.$inferInsert;

/** Null when the e-mail address is taken. */
export async function insertUser(tx: Transaction, values: NewUserRow): Promise<UserRow | null> {
  const [row] = await tx
    .insert(users)
    .values(values)
    .onConflictDoNothing({ target: users.email })
    .returning();
  return row ?? null;
}

export async function findUserByEmail(reader: Reader, email: string): Promise<UserRow | null> {
  const [row] = await reader.select().from(users).where(eq(users.email, email));
  return row ?? null;
}

export async function findUserById(reader: Reader, userId: bigint): Promise<UserRow | null> {
  const [row] = await reader.select().from(users).where(eq(users.id, userId));
  return row ?? null;
}

export async function updateUser(
  tx: Transaction,
  userId: bigint,
  changes: Partial<Omit<NewUserRow, "id">>,
): Promise<UserRow | null> {
  const [row] = await tx
    .update(users)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(eq(users.id, userId))
    .returning();
  return row ?? null;
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

/** False when the account at the provider belongs to somebody already. */
export async function insertIdentity(
  tx: Transaction,
  identity: { provider: string; subject: string; userId: bigint },
): Promise<boolean> {
  const rows = await tx.insert(identities).values(identity).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** Waits for whoever else is changing this user, so that two sign-ins can't both link an identity. */
export async function lockUserByEmail(tx: Transaction, email: string): Promise<UserRow | null> {
  const [row] = await tx.select().from(users).where(eq(users.email, email)).for("update");
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

const isLive = and(isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`));

export async function insertSession(
  tx: Transaction,
  session: { id: string; userId: bigint; device: string; idleDays: number },
): Promise<SessionRow | null> {
  const [row] = await tx
    .insert(sessions)
    .values({
      id: session.id,
      userId: session.userId,
      device: session.device,
      expiresAt: sql`now() + make_interval(days => ${session.idleDays}::int)`,
    })
    .returning();
  return row ?? null;
}

/** The session and its user, unless it was revoked, has expired, or the user is frozen. */
export async function findLiveSession(
  reader: Reader,
  sessionId: string,
): Promise<{ session: SessionRow; user: UserRow } | null> {
  const [row] = await reader
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), isLive, isNull(users.frozenAt)));
  return row ?? null;
}

/** Slides a session's end along, unless it was seen less than `everyMinutes` ago. */
export async function touchSession(
  reader: Reader,
  sessionId: string,
  lifetime: { everyMinutes: number; idleDays: number; absoluteDays: number },
): Promise<void> {
  await reader
    .update(sessions)
    .set({
      lastSeenAt: sql`now()`,
      expiresAt: sql`least(now() + make_interval(days => ${lifetime.idleDays}::int),
        ${sessions.createdAt} + make_interval(days => ${lifetime.absoluteDays}::int))`,
    })
    .where(
      and(
        eq(sessions.id, sessionId),
        isLive,
        lt(sessions.lastSeenAt, sql`now() - make_interval(mins => ${lifetime.everyMinutes}::int)`),
      ),
    );
}

/** The newest `limit` sessions that still work. */
export async function listLiveSessions(reader: Reader, userId: bigint, limit: number): Promise<SessionRow[]> {
  return await reader
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isLive))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(limit);
}

/** True when it was this user's and still worked. */
export async function markSessionRevoked(
  reader: Reader,
  userId: bigint,
  sessionId: string,
): Promise<boolean> {
  const rows = await reader
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive))
    .returning({ id: sessions.id });
  return rows.length > 0;
}

/** Answers how many were ended. `exceptSessionId` null ends them all. */
export async function markSessionsRevoked(
  reader: Reader,
  userId: bigint,
  exceptSessionId: string | null,
): Promise<number> {
  const rows = await reader
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(sessions.userId, userId),
        isLive,
        exceptSessionId === null ? undefined : ne(sessions.id, exceptSessionId),
      ),
    )
    .returning({ id: sessions.id });
  return rows.length;
}
