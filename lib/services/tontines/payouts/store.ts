import { and, asc, eq, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineApprovals, tontinePayouts } from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type PayoutRow = typeof tontinePayouts.$inferSelect;

export async function insertPayout(
  tx: Transaction,
  values: typeof tontinePayouts.$inferInsert,
): Promise<PayoutRow> {
  const [row] = await tx.insert(tontinePayouts).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findPayout(reader: Reader, tontineId: bigint, id: bigint): Promise<PayoutRow | null> {
  const [row] = await reader
    .select()
    .from(tontinePayouts)
    .where(and(eq(tontinePayouts.id, id), eq(tontinePayouts.tontineId, tontineId)));
  return row ?? null;
}

/** Of a turn, in the order of proposing. */
export async function selectPayouts(reader: Reader, turnId: bigint): Promise<PayoutRow[]> {
  return await reader
    .select()
    .from(tontinePayouts)
    .where(eq(tontinePayouts.turnId, turnId))
    .orderBy(asc(tontinePayouts.id));
}

/** Of a group, in the order of proposing. */
export async function selectPayoutsOfGroup(reader: Reader, tontineId: bigint): Promise<PayoutRow[]> {
  return await reader
    .select()
    .from(tontinePayouts)
    .where(eq(tontinePayouts.tontineId, tontineId))
    .orderBy(asc(tontinePayouts.id));
}

export async function endPayout(
  tx: Transaction,
  id: bigint,
  end:
    | { state: "stale" }
    | { state: "refused"; reason: string }
    | {
        state: "posted";
        postedAt: Date;
        operationId: bigint | null;
        keptMinor: bigint;
        nettedMinor: bigint;
        retainedMinor: bigint;
      },
): Promise<void> {
  await tx.update(tontinePayouts).set(end).where(eq(tontinePayouts.id, id));
}

export async function insertApproval(
  tx: Transaction,
  values: typeof tontineApprovals.$inferInsert,
): Promise<boolean> {
  const rows = await tx.insert(tontineApprovals).values(values).onConflictDoNothing().returning();
  return rows.length > 0;
}

/** The database's rule (0021_tontine_rules.sql): who may approve a payout at this moment. */
export async function mayApprove(
  reader: Reader,
  payoutId: bigint,
  memberId: bigint,
  now: Date,
): Promise<boolean> {
  const [row] = await reader.execute<{ may: boolean }>(
    sql`select tontine_may_approve(${payoutId.toString()}::bigint, ${memberId.toString()}::bigint, ${now.toISOString()}::timestamptz) as may`,
  );
  return row?.may ?? false;
}

/** Payouts of a group that this member may approve at this moment and hasn't, each with the number of its turn. */
export async function selectAwaitedApprovals(
  reader: Reader,
  { tontineId, memberId, now }: { tontineId: bigint; memberId: bigint; now: Date },
): Promise<{ id: bigint; turn: number }[]> {
  const rows = await reader.execute<{ id: string; turn: number }>(sql`
    select p.id, t.number as turn from tontine_payouts p join tontine_turns t on t.id = p.turn_id
    where p.tontine_id = ${tontineId.toString()}::bigint and p.state = 'proposed'
      and tontine_may_approve(p.id, ${memberId.toString()}::bigint, ${now.toISOString()}::timestamptz)
      and not exists (select from tontine_approvals a where a.payout_id = p.id and a.member_id = ${memberId.toString()}::bigint)
    order by p.id`);
  return rows.map(({ id, turn }) => ({ id: BigInt(id), turn }));
}

/** The same for whether its approvals suffice. */
export async function isApproved(reader: Reader, payoutId: bigint): Promise<boolean> {
  const [row] = await reader.execute<{ approved: boolean }>(
    sql`select tontine_is_approved(${payoutId.toString()}::bigint) as approved`,
  );
  return row?.approved ?? false;
}
