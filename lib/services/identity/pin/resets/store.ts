import { and, desc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { pinResets, pins } from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type PinResetRow = typeof pinResets.$inferSelect;

export async function insertReset(
  tx: Transaction,
  row: Pick<PinResetRow, "userId" | "hash" | "limitId" | "effectiveAt">,
): Promise<PinResetRow> {
  const [inserted] = await tx.insert(pinResets).values(row).returning();
  invariant(inserted, "an insert returns its row");
  return inserted;
}

/** The reset that waits; null without one. */
export async function findOpenReset(reader: Reader, userId: bigint): Promise<PinResetRow | null> {
  const [row] = await reader
    .select()
    .from(pinResets)
    .where(and(eq(pinResets.userId, userId), isNull(pinResets.endedAt)))
    .orderBy(desc(pinResets.id))
    .limit(1);
  return row ?? null;
}

/** True when the person has an open reset whose waiting time is over. */
export async function isResetDue(reader: Reader, userId: bigint): Promise<boolean> {
  const rows = await reader.select({ id: pinResets.id }).from(pinResets).where(isDueOf(userId));
  return rows.length > 0;
}

function isDueOf(userId: bigint) {
  return and(
    eq(pinResets.userId, userId),
    isNull(pinResets.endedAt),
    lte(pinResets.effectiveAt, sql`clock_timestamp()`),
  );
}

/** Locked until the transaction ends; null when none is due, or another process was faster. */
export async function lockDueReset(tx: Transaction, userId: bigint): Promise<PinResetRow | null> {
  const [row] = await tx.select().from(pinResets).where(isDueOf(userId)).for("update");
  return row ?? null;
}

/** Null when none waits. */
export async function endOpenReset(
  tx: Transaction,
  userId: bigint,
  outcome: "done" | "cancelled",
): Promise<PinResetRow | null> {
  const [row] = await tx
    .update(pinResets)
    .set({ endedAt: sql`clock_timestamp()`, outcome, hash: null })
    .where(and(eq(pinResets.userId, userId), isNull(pinResets.endedAt)))
    .returning();
  return row ?? null;
}

/** Sets a PIN over whatever there is, and forgets wrong tries. */
export async function writePin(tx: Transaction, userId: bigint, hash: string): Promise<void> {
  const changes = { hash, wrongTries: 0, lockedUntil: null, updatedAt: sql`clock_timestamp()` };
  await tx.insert(pins).values({ userId, hash }).onConflictDoUpdate({ target: pins.userId, set: changes });
}
