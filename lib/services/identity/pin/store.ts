import { and, eq, sql } from "drizzle-orm";
import type { Database, Reader, Transaction } from "@/db/client";
import { pins, sessions, users } from "@/db/schema";
import { PIN_LOCK_MINUTES, PIN_LOCK_MINUTES_MAX, PIN_TRIES_MAX } from "./policy";

export type PinRow = typeof pins.$inferSelect;

export async function findPin(reader: Reader, userId: bigint): Promise<PinRow | null> {
  const [row] = await reader.select().from(pins).where(eq(pins.userId, userId));
  return row ?? null;
}

/**
 * Counts a try in a statement that commits by itself, and locks at every fifth one in a row. Null when there is
 * nothing to try: locked, or no PIN. It takes the pool and never a transaction, whose end could undo the count.
 */
export async function countTry(db: Database, userId: bigint, now: Date): Promise<PinRow | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const tries = sql`(${pins.wrongTries} + 1)`;
  const locksBefore = sql`least(${tries} / ${PIN_TRIES_MAX}::int - 1, 10)`;
  const minutes = sql`least(${PIN_LOCK_MINUTES}::int * power(4, ${locksBefore}), ${PIN_LOCK_MINUTES_MAX}::int)::int`;
  const [row] = await db
    .update(pins)
    .set({
      wrongTries: sql`${tries}`,
      lockedUntil: sql`case when ${tries} % ${PIN_TRIES_MAX}::int = 0
        then ${at} + make_interval(mins => ${minutes}) end`,
    })
    .where(and(eq(pins.userId, userId), sql`(${pins.lockedUntil} is null or ${pins.lockedUntil} <= ${at})`))
    .returning();
  return row ?? null;
}

/**
 * Forgets the wrong tries of a PIN that was right, and stores `rehashed`, the same PIN keyed with today's secret, unless it
 * was changed meanwhile. Its version stays.
 */
export async function clearTries(db: Database, { userId, hash }: PinRow, rehashed: string): Promise<void> {
  await db
    .update(pins)
    .set({ wrongTries: 0, lockedUntil: null, hash: rehashed })
    .where(and(eq(pins.userId, userId), eq(pins.hash, hash)));
}

/** False when there is one already. */
export async function insertPin(tx: Transaction, userId: bigint, hash: string): Promise<boolean> {
  const rows = await tx.insert(pins).values({ userId, hash }).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** Replaces the PIN that was read before, and its tries; false when it was replaced meanwhile. */
export async function replacePin(tx: Transaction, before: PinRow, hash: string): Promise<boolean> {
  const rows = await tx
    .update(pins)
    .set({ hash, wrongTries: 0, lockedUntil: null, updatedAt: sql`clock_timestamp()` })
    .where(and(eq(pins.userId, before.userId), eq(pins.hash, before.hash)))
    .returning();
  return rows.length > 0;
}

export async function deletePin(tx: Transaction, userId: bigint): Promise<void> {
  await tx.delete(pins).where(eq(pins.userId, userId));
}

export interface SignInState {
  /** Null for people who only ever came through Google. */
  passwordHash: string | null;
  /** When this session began. */
  signedInAt: Date | null;
}

export async function findSignInState(
  reader: Reader,
  userId: bigint,
  sessionId: string,
): Promise<SignInState | null> {
  const [row] = await reader
    .select({ passwordHash: users.passwordHash, signedInAt: sessions.createdAt })
    .from(users)
    .leftJoin(sessions, and(eq(sessions.userId, users.id), eq(sessions.id, sessionId)))
    .where(eq(users.id, userId));
  return row ?? null;
}
