import { and, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { messageReports, outgoingMessages, pushSubscriptions, smsDays } from "@/db/schema";

export type MessageRow = typeof outgoingMessages.$inferSelect;
export type NewMessageRow = Pick<
  MessageRow,
  "key" | "channel" | "recipient" | "userId" | "purpose" | "locale" | "content" | "notBefore" | "expiresAt"
>;

/** Its id; null when a message with its key exists. */
export async function insertMessage(tx: Transaction, message: NewMessageRow): Promise<bigint | null> {
  const [row] = await tx
    .insert(outgoingMessages)
    .values(message)
    .onConflictDoNothing({ target: outgoingMessages.key })
    .returning({ id: outgoingMessages.id });
  return row?.id ?? null;
}

/** Locks the message until the transaction ends; null when there is none. */
export async function lockMessage(tx: Transaction, id: bigint): Promise<MessageRow | null> {
  const [row] = await tx.select().from(outgoingMessages).where(eq(outgoingMessages.id, id)).for("update");
  return row ?? null;
}

export async function updateMessage(
  tx: Transaction,
  id: bigint,
  values: Partial<Omit<MessageRow, "id" | "key">>,
): Promise<void> {
  await tx
    .update(outgoingMessages)
    .set({ ...values, changedAt: sql`clock_timestamp()` })
    .where(eq(outgoingMessages.id, id));
}

/** Counts one call of an SMS gateway on the day of `now` (UTC); false, and nothing counted, when `max` are used up. */
export async function countSmsCall(tx: Transaction, now: Date, max: number): Promise<boolean> {
  const day = now.toISOString().slice(0, 10);
  await tx.insert(smsDays).values({ day }).onConflictDoNothing();
  const rows = await tx
    .update(smsDays)
    .set({ calls: sql`${smsDays.calls} + 1` })
    .where(and(eq(smsDays.day, day), lt(smsDays.calls, max)))
    .returning({ day: smsDays.day });
  return rows.length > 0;
}

export async function findSubscription(
  tx: Transaction,
  id: bigint,
): Promise<typeof pushSubscriptions.$inferSelect | null> {
  const [row] = await tx.select().from(pushSubscriptions).where(eq(pushSubscriptions.id, id));
  return row ?? null;
}

export async function deleteSubscription(tx: Transaction, id: bigint): Promise<void> {
  await tx.delete(pushSubscriptions).where(eq(pushSubscriptions.id, id));
}

/** A report and the record of what it is about may come at once: whoever is second sees what the first wrote. */
export async function lockVendorId(tx: Transaction, vendor: string, vendorMessageId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${vendor}:${vendorMessageId}`}, 0))`);
}

/** True when the report is new. */
export async function insertReport(
  tx: Transaction,
  report: Pick<typeof messageReports.$inferInsert, "vendor" | "vendorMessageId" | "status" | "code">,
): Promise<boolean> {
  const rows = await tx
    .insert(messageReports)
    .values(report)
    .onConflictDoNothing()
    .returning({ id: messageReports.id });
  return rows.length > 0;
}

/** The message that a vendor gave this id, locked until the transaction ends; null while none is known. */
export async function findByVendorId(
  tx: Transaction,
  vendor: string,
  vendorMessageId: string,
): Promise<MessageRow | null> {
  const [row] = await tx
    .select()
    .from(outgoingMessages)
    .where(and(eq(outgoingMessages.vendor, vendor), eq(outgoingMessages.vendorMessageId, vendorMessageId)))
    .limit(1)
    .for("update");
  return row ?? null;
}

/** What came for a vendor's message, final reports first. */
export async function selectReports(
  tx: Transaction,
  vendor: string,
  vendorMessageId: string,
): Promise<(typeof messageReports.$inferSelect)[]> {
  return await tx
    .select()
    .from(messageReports)
    .where(and(eq(messageReports.vendor, vendor), eq(messageReports.vendorMessageId, vendorMessageId)))
    .orderBy(sql`${messageReports.status} = 'pending'`, messageReports.id);
}

/** Blanks the texts of messages that expired before `now`; those that still waited are expired. Answers how many. */
export async function expireMessages(tx: Transaction, now: Date): Promise<number> {
  const rows = await tx
    .update(outgoingMessages)
    .set({
      content: null,
      state: sql`case when ${outgoingMessages.state} = 'waiting' then 'expired' else ${outgoingMessages.state} end`,
      changedAt: sql`clock_timestamp()`,
    })
    .where(
      and(
        isNotNull(outgoingMessages.content),
        lt(outgoingMessages.expiresAt, now),
        or(isNull(outgoingMessages.claimedUntil), lt(outgoingMessages.claimedUntil, now)),
      ),
    )
    .returning({ id: outgoingMessages.id });
  return rows.length;
}

/** Deletes at most `limit` messages and reports from before `before`. Answers how many. */
export async function deleteOld(tx: Transaction, before: Date, limit: number): Promise<number> {
  const oldMessages = tx
    .select({ id: outgoingMessages.id })
    .from(outgoingMessages)
    .where(lt(outgoingMessages.createdAt, before))
    .limit(limit);
  const messages = await tx
    .delete(outgoingMessages)
    .where(and(inArray(outgoingMessages.id, oldMessages), isNull(outgoingMessages.content)))
    .returning({ id: outgoingMessages.id });
  const oldReports = tx
    .select({ id: messageReports.id })
    .from(messageReports)
    .where(lt(messageReports.receivedAt, before))
    .limit(limit);
  const reports = await tx
    .delete(messageReports)
    .where(inArray(messageReports.id, oldReports))
    .returning({ id: messageReports.id });
  return messages.length + reports.length;
}

export async function countMessages(
  reader: Reader,
  {
    userId,
    channel,
    purpose,
    since,
  }: Pick<MessageRow, "channel" | "purpose"> & { userId: bigint; since: Date },
): Promise<number> {
  const [row] = await reader
    .select({ count: sql<number>`count(*)::int` })
    .from(outgoingMessages)
    .where(
      and(
        eq(outgoingMessages.userId, userId),
        eq(outgoingMessages.channel, channel),
        eq(outgoingMessages.purpose, purpose),
        gt(outgoingMessages.createdAt, since),
      ),
    );
  return row?.count ?? 0;
}
