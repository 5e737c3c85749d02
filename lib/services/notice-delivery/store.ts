import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Reader, Transaction } from "@/db/client";
import { noticeChoices, notices, operations, pushSubscriptions, sessions, users, wallets } from "@/db/schema";

export type NoticeRow = typeof notices.$inferSelect;
export type ChoiceRow = typeof noticeChoices.$inferSelect;

/** A notice with what it is about: the operation, and the other person of a transfer. */
export interface NoticeSubject {
  notice: NoticeRow;
  operation: typeof operations.$inferSelect | null;
  party: { firstName: string; lastName: string } | null;
}

const senderWallets = alias(wallets, "sender_wallets");
const recipientWallets = alias(wallets, "recipient_wallets");
const senders = alias(users, "senders");
const recipients = alias(users, "recipients");

/** What these notices are about, in their order: looked up by key, so that no plan reads all operations or people. */
export async function selectSubjects(reader: Reader, rows: readonly NoticeRow[]): Promise<NoticeSubject[]> {
  const ids = [...new Set(rows.flatMap(({ operationId }) => operationId ?? []))];
  const found =
    ids.length === 0
      ? []
      : await reader
          .select({
            operation: operations,
            senderId: senders.id,
            sender: { firstName: senders.firstName, lastName: senders.lastName },
            recipient: { firstName: recipients.firstName, lastName: recipients.lastName },
          })
          .from(operations)
          .innerJoin(senderWallets, eq(senderWallets.id, operations.walletId))
          .innerJoin(senders, eq(senders.id, senderWallets.userId))
          .leftJoin(recipientWallets, eq(recipientWallets.id, operations.counterpartyWalletId))
          .leftJoin(recipients, eq(recipients.id, recipientWallets.userId))
          .where(inArray(operations.id, ids));
  const byId = new Map(found.map((each) => [each.operation.id, each]));
  return rows.map((notice) => {
    const about = notice.operationId === null ? undefined : byId.get(notice.operationId);
    const other = about?.senderId === notice.userId ? about.recipient : about?.sender;
    const party = about?.operation.type === "transfer" ? (other ?? null) : null;
    return { notice, operation: about?.operation ?? null, party };
  });
}

/** A person's notices below `beforeId`, newest first. */
export async function selectNotices(
  reader: Reader,
  userId: bigint,
  page: { beforeId: bigint | null; limit: number },
): Promise<NoticeSubject[]> {
  const rows = await reader
    .select()
    .from(notices)
    .where(
      and(eq(notices.userId, userId), page.beforeId === null ? undefined : lt(notices.id, page.beforeId)),
    )
    // The order of the primary key: otherwise the planner may walk another index past all other people's rows.
    .orderBy(desc(notices.userId), desc(notices.id))
    .limit(page.limit);
  return await selectSubjects(reader, rows);
}

/** How many are unread, counted up to `max`. */
export async function countUnreadRows(reader: Reader, userId: bigint, max: number): Promise<number> {
  const some = reader
    .select({ one: sql`1` })
    .from(notices)
    .where(and(eq(notices.userId, userId), isNull(notices.readAt)))
    .limit(max)
    .as("some");
  const [row] = await reader.select({ count: sql<number>`count(*)::int` }).from(some);
  return row?.count ?? 0;
}

/** Those up to and with `upToId`; later ones stay unread. */
export async function markRead(tx: Transaction, userId: bigint, upToId: bigint): Promise<void> {
  await tx
    .update(notices)
    .set({ readAt: sql`clock_timestamp()` })
    .where(and(eq(notices.userId, userId), isNull(notices.readAt), lte(notices.id, upToId)));
}

/** Locks at most `limit` notices that weren't queued, oldest first; others that a worker has locked are passed over. */
export async function lockUnqueued(tx: Transaction, limit: number): Promise<NoticeRow[]> {
  return await tx
    .select()
    .from(notices)
    .where(isNull(notices.queuedAt))
    .orderBy(asc(notices.id))
    .limit(limit)
    .for("update", { skipLocked: true });
}

export async function lockNotice(tx: Transaction, userId: bigint, id: bigint): Promise<NoticeRow | null> {
  const [row] = await tx
    .select()
    .from(notices)
    .where(and(eq(notices.userId, userId), eq(notices.id, id)))
    .for("update");
  return row ?? null;
}

/** Addresses besides the person's own are forgotten, unless a job will still need them. */
export async function markQueued(
  tx: Transaction,
  rows: readonly NoticeRow[],
  { keepsAddresses = false }: { keepsAddresses?: boolean } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const pairs = JSON.stringify(rows.map(({ userId, id }) => [userId.toString(), id.toString()]));
  await tx.execute(sql`
    update notices n set queued_at = clock_timestamp(), also_to = case when ${keepsAddresses} then n.also_to end
    from (select (p->>0)::bigint as user_id, (p->>1)::bigint as id from jsonb_array_elements(${pairs}::jsonb) p) queued
    where n.user_id = queued.user_id and n.id = queued.id and n.queued_at is null`);
}

export async function selectChoices(reader: Reader, userIds: readonly bigint[]): Promise<ChoiceRow[]> {
  if (userIds.length === 0) return [];
  return await reader
    .select()
    .from(noticeChoices)
    .where(inArray(noticeChoices.userId, [...userIds]));
}

export async function upsertChoices(
  tx: Transaction,
  rows: readonly (typeof noticeChoices.$inferInsert)[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(noticeChoices)
    .values([...rows])
    .onConflictDoUpdate({
      target: [noticeChoices.userId, noticeChoices.group, noticeChoices.channel],
      set: { isOn: sql`excluded.is_on`, changedAt: sql`clock_timestamp()` },
      // Saved again as it was: it counts from when it was chosen.
      setWhere: sql`${noticeChoices.isOn} <> excluded.is_on`,
    });
}

/** Browsers that take these people's push messages: only while the session that asked for them lasts. */
export async function selectSubscriptions(
  reader: Reader,
  userIds: readonly bigint[],
): Promise<{ userId: bigint; id: bigint; sessionId: string }[]> {
  if (userIds.length === 0) return [];
  return await reader
    .select({ userId: pushSubscriptions.userId, id: pushSubscriptions.id, sessionId: sessions.id })
    .from(pushSubscriptions)
    .innerJoin(
      sessions,
      and(eq(sessions.id, pushSubscriptions.sessionId), eq(sessions.userId, pushSubscriptions.userId)),
    )
    .where(
      and(
        inArray(pushSubscriptions.userId, [...userIds]),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql`now()`),
      ),
    )
    .orderBy(asc(pushSubscriptions.id));
}

/** Takes a browser's address over from whoever had it, and forgets the person's oldest above `max`. */
export async function upsertSubscription(
  tx: Transaction,
  values: typeof pushSubscriptions.$inferInsert,
  max: number,
): Promise<void> {
  const { userId, sessionId, p256dh, auth } = values;
  await tx
    .insert(pushSubscriptions)
    .values(values)
    .onConflictDoUpdate({
      target: pushSubscriptions.endpoint,
      set: { userId, sessionId, p256dh, auth, createdAt: sql`clock_timestamp()` },
    });
  const older = tx
    .select({ id: pushSubscriptions.id })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.userId, userId))
    .orderBy(desc(pushSubscriptions.createdAt), desc(pushSubscriptions.id))
    .offset(max);
  await tx.delete(pushSubscriptions).where(inArray(pushSubscriptions.id, older));
}

export async function deleteSubscriptionsOf(tx: Transaction, sessionId: string): Promise<void> {
  await tx.delete(pushSubscriptions).where(eq(pushSubscriptions.sessionId, sessionId));
}
