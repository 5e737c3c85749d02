import { and, eq, lt, or, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { deadLetterNotices, webhookEvents } from "@/db/schema";

/** Followed by the event's id it is the key of its job: one event has one job at most. */
export const JOB_KEY_PREFIX = "webhook:";

export type WebhookEventRow = typeof webhookEvents.$inferSelect;

/** Null when the event is stored already; then its count of deliveries goes up. */
export async function insertEvent(
  tx: Transaction,
  values: typeof webhookEvents.$inferInsert,
): Promise<WebhookEventRow | null> {
  const [row] = await tx.insert(webhookEvents).values(values).onConflictDoNothing().returning();
  if (row) return row;
  await tx
    .update(webhookEvents)
    .set({ deliveries: sql`${webhookEvents.deliveries} + 1` })
    .where(and(eq(webhookEvents.provider, values.provider), eq(webhookEvents.eventKey, values.eventKey)));
  return null;
}

export async function findEvent(reader: Reader, id: bigint): Promise<WebhookEventRow | null> {
  const [row] = await reader.select().from(webhookEvents).where(eq(webhookEvents.id, id));
  return row ?? null;
}

export async function lockEvent(tx: Transaction, id: bigint): Promise<WebhookEventRow | null> {
  const [row] = await tx.select().from(webhookEvents).where(eq(webhookEvents.id, id)).for("update");
  return row ?? null;
}

export async function closeEvent(
  tx: Transaction,
  id: bigint,
  outcome: { state: "processed" | "ignored" | "needs_review"; note: string; reference: string | null },
): Promise<void> {
  const { state, note, reference } = outcome;
  await tx
    .update(webhookEvents)
    .set({ state, outcome: note, reference, processedAt: sql`clock_timestamp()` })
    .where(eq(webhookEvents.id, id));
}

/** Records that an event in review was logged; false when it was before. */
export async function insertEventNotice(tx: Transaction, id: bigint): Promise<boolean> {
  const rows = await tx
    .insert(deadLetterNotices)
    .values({ kind: "event", subject: id.toString() })
    .onConflictDoNothing()
    .returning({ subject: deadLetterNotices.subject });
  return rows.length > 0;
}

/** Sets the event back to received; processing it writes its outcome anew. */
export async function reopenEvent(tx: Transaction, id: bigint): Promise<void> {
  await tx
    .update(webhookEvents)
    .set({ state: "received", outcome: null, processedAt: null })
    .where(eq(webhookEvents.id, id));
}

/** Unprocessed events without any job. A job that waits or runs needs no other; one without attempts is a dead letter. */
export async function selectJoblessEvents(
  reader: Reader,
  before: Date,
  limit: number,
): Promise<{ id: bigint }[]> {
  return await reader
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(
      and(
        eq(webhookEvents.state, "received"),
        lt(webhookEvents.receivedAt, before),
        sql`not exists (select from graphile_worker._private_jobs j where j.key = ${JOB_KEY_PREFIX}::text || ${webhookEvents.id})`,
      ),
    )
    .orderBy(webhookEvents.receivedAt)
    .limit(limit);
}

export async function findEventByKey(
  reader: Reader,
  provider: string,
  eventKey: string,
): Promise<WebhookEventRow | null> {
  const [row] = await reader
    .select()
    .from(webhookEvents)
    .where(and(eq(webhookEvents.provider, provider), eq(webhookEvents.eventKey, eventKey)));
  return row ?? null;
}

export async function closeReviewedEvents(
  tx: Transaction,
  which: { eventId: bigint } | { reference: string; only?: "disputes" },
  outcome: string,
): Promise<void> {
  const named =
    "eventId" in which ? eq(webhookEvents.id, which.eventId) : eq(webhookEvents.reference, which.reference);
  const isDispute = or(eq(webhookEvents.kind, "dispute"), eq(webhookEvents.outcome, "reversed_after_credit"));
  const about = "only" in which && which.only === "disputes" ? isDispute : undefined;
  await tx
    .update(webhookEvents)
    .set({ state: "processed", outcome, processedAt: sql`clock_timestamp()` })
    .where(and(eq(webhookEvents.state, "needs_review"), named, about));
}
