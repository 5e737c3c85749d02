import { and, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Database, Reader, Transaction } from "@/db/client";
import { sessions, users } from "@/db/schema";

export type SessionRow = typeof sessions.$inferSelect;

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

/** A user's password hash, which nobody replaces until the transaction ends. */
export async function lockPasswordHash(tx: Transaction, userId: bigint): Promise<string | null> {
  const [row] = await tx
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId))
    .for("share");
  return row?.passwordHash ?? null;
}

/** The session and its user, unless it was revoked, has expired, or the user is frozen. */
export async function findLiveSession(
  reader: Reader,
  sessionId: string,
): Promise<{ session: SessionRow; user: typeof users.$inferSelect } | null> {
  const [row] = await reader
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), isLive, isNull(users.frozenAt)));
  return row ?? null;
}

/** Slides a session's end along, unless it was seen less than `everyMinutes` ago. Commits by itself. */
export async function touchSession(
  db: Database,
  sessionId: string,
  lifetime: { everyMinutes: number; idleDays: number; absoluteDays: number },
): Promise<void> {
  await db
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

/** True when it was this user's and still worked. Commits by itself. */
export async function markSessionRevoked(db: Database, userId: bigint, sessionId: string): Promise<boolean> {
  const rows = await db
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive))
    .returning({ id: sessions.id });
  return rows.length > 0;
}
