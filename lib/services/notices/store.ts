import { and, eq, inArray, lte, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { notices, scheduledNotices } from "@/db/schema";

export type ScheduledNoticeRow = typeof scheduledNotices.$inferSelect;

/** Writes nothing where the person has a notice with this key. */
export async function insertNotice(tx: Transaction, values: typeof notices.$inferInsert): Promise<void> {
  await tx.insert(notices).values(values).onConflictDoNothing();
}

/** Moves the one that the person has with this key. */
export async function upsertScheduled(
  tx: Transaction,
  values: typeof scheduledNotices.$inferInsert,
): Promise<void> {
  const { kind, details, dueAt } = values;
  await tx
    .insert(scheduledNotices)
    .values(values)
    .onConflictDoUpdate({
      target: [scheduledNotices.userId, scheduledNotices.key],
      set: { kind, details, dueAt },
    });
}

export async function deleteScheduled(tx: Transaction, userId: bigint, key: string): Promise<void> {
  await tx
    .delete(scheduledNotices)
    .where(and(eq(scheduledNotices.userId, userId), eq(scheduledNotices.key, key)));
}

/** Takes at most `limit` that are due by the database's clock; what another transaction moves just now is left to the next time. */
export async function takeDue(tx: Transaction, limit: number): Promise<ScheduledNoticeRow[]> {
  const due = tx
    .select({ at: sql`ctid` })
    .from(scheduledNotices)
    .where(lte(scheduledNotices.dueAt, sql`clock_timestamp()`))
    .orderBy(scheduledNotices.dueAt)
    .limit(limit)
    .for("update", { skipLocked: true });
  return await tx.delete(scheduledNotices).where(inArray(sql`ctid`, due)).returning();
}
