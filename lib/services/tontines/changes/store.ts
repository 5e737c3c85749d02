import { and, asc, eq, inArray, lte } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineHandovers, tontineSwaps } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type SwapRow = typeof tontineSwaps.$inferSelect;
export type HandoverRow = typeof tontineHandovers.$inferSelect;

export async function insertSwap(
  tx: Transaction,
  values: typeof tontineSwaps.$inferInsert,
): Promise<SwapRow> {
  const [row] = await tx.insert(tontineSwaps).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findSwap(reader: Reader, tontineId: bigint, id: bigint): Promise<SwapRow | null> {
  const [row] = await reader
    .select()
    .from(tontineSwaps)
    .where(and(eq(tontineSwaps.id, id), eq(tontineSwaps.tontineId, tontineId)));
  return row ?? null;
}

export async function updateSwap(
  tx: Transaction,
  id: bigint,
  patch: { state: TontineState<"swap">; countersignedBy?: bigint },
): Promise<void> {
  await tx.update(tontineSwaps).set(patch).where(eq(tontineSwaps.id, id));
}

export async function insertHandover(
  tx: Transaction,
  values: typeof tontineHandovers.$inferInsert,
): Promise<HandoverRow> {
  const [row] = await tx.insert(tontineHandovers).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findHandover(
  reader: Reader,
  tontineId: bigint,
  id: bigint,
): Promise<HandoverRow | null> {
  const [row] = await reader
    .select()
    .from(tontineHandovers)
    .where(and(eq(tontineHandovers.id, id), eq(tontineHandovers.tontineId, tontineId)));
  return row ?? null;
}

export async function updateHandover(
  tx: Transaction,
  id: bigint,
  patch: { state: TontineState<"handover">; countersignedBy?: bigint; toMemberId?: bigint },
): Promise<void> {
  await tx.update(tontineHandovers).set(patch).where(eq(tontineHandovers.id, id));
}

const OPEN = ["offered", "accepted"];

export async function selectOpenSwaps(reader: Reader, tontineId: bigint): Promise<SwapRow[]> {
  return await reader
    .select()
    .from(tontineSwaps)
    .where(and(eq(tontineSwaps.tontineId, tontineId), inArray(tontineSwaps.state, OPEN)))
    .orderBy(asc(tontineSwaps.id));
}

export async function selectOpenHandovers(reader: Reader, tontineId: bigint): Promise<HandoverRow[]> {
  return await reader
    .select()
    .from(tontineHandovers)
    .where(and(eq(tontineHandovers.tontineId, tontineId), inArray(tontineHandovers.state, OPEN)))
    .orderBy(asc(tontineHandovers.id));
}

/** The group of an offer. */
export async function findTontineOfHandover(reader: Reader, id: bigint): Promise<bigint | null> {
  const [row] = await reader
    .select({ tontineId: tontineHandovers.tontineId })
    .from(tontineHandovers)
    .where(eq(tontineHandovers.id, id));
  return row?.tontineId ?? null;
}

const isOver = (table: typeof tontineSwaps | typeof tontineHandovers, tontineId: bigint, now: Date) =>
  and(eq(table.tontineId, tontineId), inArray(table.state, OPEN), lte(table.expiresAt, now));

/** Ends the swaps that nobody finished in their time. Answers them. */
export async function lapseSwaps(tx: Transaction, tontineId: bigint, now: Date): Promise<SwapRow[]> {
  const lapsed = { state: "lapsed" };
  return await tx
    .update(tontineSwaps)
    .set(lapsed)
    .where(isOver(tontineSwaps, tontineId, now))
    .returning();
}

/** The same for handovers. */
export async function lapseHandovers(tx: Transaction, tontineId: bigint, now: Date): Promise<HandoverRow[]> {
  const lapsed = { state: "lapsed" };
  return await tx
    .update(tontineHandovers)
    .set(lapsed)
    .where(isOver(tontineHandovers, tontineId, now))
    .returning();
}

/**
 * How many changes wait for a member at `now`: offers to accept, guarantees to sign, and for an officer (`countersigns`) what others have accepted
 * or ask for. In one statement, since each page of a group shows it.
 */
export async function countWaiting(
  reader: Reader,
  {
    tontineId,
    memberId,
    countersigns,
    now,
  }: { tontineId: bigint; memberId: bigint; countersigns: boolean; now: Date },
): Promise<number> {
  const [group, me, at] = [tontineId.toString(), memberId.toString(), now.toISOString()];
  const [row] = await preparedSql(reader)<{ waiting: number }[]>`
    select (
      (select count(*) from tontine_swaps s
        join tontine_share_holders f on f.id = s.from_holder_id join tontine_share_holders t on t.id = s.to_holder_id
        where s.tontine_id = ${group} and s.expires_at > ${at}::timestamptz and (s.state = 'offered' and t.member_id = ${me}
          or s.state = 'accepted' and ${countersigns}::boolean and ${me}::bigint not in (f.member_id, t.member_id)))
      + (select count(*) from tontine_handovers h
        where h.tontine_id = ${group} and h.expires_at > ${at}::timestamptz and (h.state = 'offered' and h.to_member_id = ${me}
          or h.state = 'accepted' and ${countersigns}::boolean and ${me}::bigint not in (h.from_member_id, h.to_member_id)))
      + (select count(*) from tontine_guarantees g
        where g.tontine_id = ${group} and g.state = 'offered' and g.guarantor_member_id = ${me})
      + (select count(*) from (select distinct on (e.member_id) e.member_id, e.kind from tontine_events e
          where ${countersigns}::boolean and e.tontine_id = ${group} and e.kind in ('member.leaving', 'member.staying')
          order by e.member_id, e.id desc) l
        join tontine_members m on m.id = l.member_id and m.id <> ${me} and m.state in ('active', 'late', 'defaulted')
        where l.kind = 'member.leaving')
    )::int as waiting`;
  return row?.waiting ?? 0;
}
