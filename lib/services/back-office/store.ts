import { and, eq, inArray, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { deadLetterNotices, operations, users, walletFreezes, wallets } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { shownName } from "../identity/users/shown-name";
import type { DeadLetter, DeadLetterKind } from "./view";

type DeadLetterRow = Record<"id" | "since" | "why", string> & {
  reference: string | null;
  error?: string | null;
};

const toDeadLetter =
  (kind: DeadLetterKind) =>
  ({ id, reference, since, why, error }: DeadLetterRow): DeadLetter => ({
    kind,
    id,
    reference,
    owner: null,
    since: new Date(since),
    why,
    error: error ?? null,
  });

/** Jobs that used up their attempts, with the operation or event that they were about, or how a message failed. */
export async function selectDeadJobs(reader: Reader, limit: number): Promise<DeadLetter[]> {
  const rows = await preparedSql(reader)<DeadLetterRow[]>`
    select j.id::text, coalesce(o.reference, w.reference) as reference, j.updated_at::text as since,
      t.identifier || coalesce(': ' || m.purpose || ' by ' || m.channel || ', ' || m.failure, '') as why, j.last_error as error
    from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    left join operations o on o.id = (j.payload ->> 'operationId')::bigint
    left join webhook_events w on w.id = (j.payload ->> 'eventId')::bigint
    left join outgoing_messages m on m.id = (j.payload ->> 'messageId')::bigint
    -- The queue takes the key from a job that is written again while it runs: its successor does what is left.
    where j.attempts >= j.max_attempts and j.locked_at is null and j.key is not null
    order by j.id limit ${limit}`;
  return rows.map(toDeadLetter("job"));
}

/** Webhook events that need review. */
export async function selectEventsInReview(reader: Reader, limit: number): Promise<DeadLetter[]> {
  const rows = await preparedSql(reader)<DeadLetterRow[]>`
    select id::text, reference, coalesce(processed_at, received_at)::text as since, coalesce(outcome, 'needs_review') as why
    from webhook_events where state = 'needs_review' order by received_at limit ${limit}`;
  return rows.map(toDeadLetter("event"));
}

/**
 * Disputed operations, those in review or in conflict, withdrawals that our account with the provider is too low for, and
 * withdrawals that have waited for an answer since before these instants.
 */
export async function selectStuckOperations(
  reader: Reader,
  before: { unknown: Date; submitted: Date },
  limit: number,
): Promise<DeadLetter[]> {
  const rows = await preparedSql(reader)<DeadLetterRow[]>`
    select o.id::text, o.reference, e.at::text as since,
      o.state || case when o.reason is null then '' else ': ' || o.reason end as why
    from (
      select id, reference, state, reason from operations where state in ('disputed', 'review', 'conflict')
      union all
      select id, reference, state, reason from operations
        where state = 'created' and reason in ('insufficient_float', 'payout_waiting')
      union all
      select id, reference, state, reason from operations where state in ('unknown', 'submitted')) o
    cross join lateral (select min(created_at) as at from operation_events
      where operation_id = o.id and to_state = o.state) e
    where e.at < case when o.state = 'unknown' or o.reason = 'payout_waiting' then ${before.unknown.toISOString()}::timestamptz
      when o.state = 'submitted' then ${before.submitted.toISOString()}::timestamptz else 'infinity' end
    order by o.id limit ${limit}`;
  return rows.map(toDeadLetter("operation"));
}

/** The owner of each of these operations: the wallet's number and the shown name, by reference. */
export async function selectOwners(
  reader: Reader,
  references: readonly string[],
): Promise<Map<string, string>> {
  const rows = await reader
    .select({
      reference: operations.reference,
      number: wallets.number,
      firstName: users.firstName,
      lastName: users.lastName,
    })
    .from(operations)
    .innerJoin(wallets, eq(wallets.id, operations.walletId))
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(inArray(operations.reference, [...references]));
  return new Map(
    rows.map(({ reference, number, firstName, lastName }) => [
      reference,
      `${number} ${shownName(firstName, lastName)}`,
    ]),
  );
}

/** Records that these were logged; answers the subjects that are new. */
export async function insertNotices(
  tx: Transaction,
  kind: DeadLetterKind,
  subjects: readonly string[],
): Promise<string[]> {
  if (subjects.length === 0) return [];
  const rows = await tx
    .insert(deadLetterNotices)
    .values(subjects.map((subject) => ({ kind, subject })))
    .onConflictDoNothing()
    .returning({ subject: deadLetterNotices.subject });
  return rows.map(({ subject }) => subject);
}

/** Deletes the notices of what isn't a dead letter any more, so that it is logged again should it become one again. */
export async function deleteNoticesBut(
  tx: Transaction,
  kind: DeadLetterKind,
  subjects: readonly string[],
): Promise<void> {
  const kept = sql.param(`{${subjects.join(",")}}`);
  await tx
    .delete(deadLetterNotices)
    .where(and(eq(deadLetterNotices.kind, kind), sql`${deadLetterNotices.subject} <> all (${kept}::text[])`));
}

/** Serializes freezes of the wallet, and lets withdrawals that began before end first. */
export async function lockWalletByNumber(
  tx: Transaction,
  number: string,
): Promise<{ id: bigint; userId: bigint; frozenAt: Date | null } | null> {
  const [row] = await tx
    .select({ id: wallets.id, userId: wallets.userId, frozenAt: wallets.frozenAt })
    .from(wallets)
    .where(eq(wallets.number, number))
    .for("update");
  return row ?? null;
}

export async function setFrozenAt(tx: Transaction, walletId: bigint, frozen: boolean): Promise<void> {
  await tx
    .update(wallets)
    .set({ frozenAt: frozen ? sql`clock_timestamp()` : null })
    .where(eq(wallets.id, walletId));
}

export async function insertFreeze(
  tx: Transaction,
  freeze: { walletId: bigint; frozen: boolean; operator: string; note: string },
): Promise<void> {
  await tx.insert(walletFreezes).values(freeze);
}
