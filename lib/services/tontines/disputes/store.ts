import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineDisputeRulings, tontineDisputes } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type DisputeRow = typeof tontineDisputes.$inferSelect;
export type RulingRow = typeof tontineDisputeRulings.$inferSelect;
export type DisputeOutcome = RulingRow["outcome"];

export async function insertDispute(
  tx: Transaction,
  values: typeof tontineDisputes.$inferInsert,
): Promise<DisputeRow> {
  const [row] = await tx.insert(tontineDisputes).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findDispute(reader: Reader, tontineId: bigint, id: bigint): Promise<DisputeRow | null> {
  const [row] = await reader
    .select()
    .from(tontineDisputes)
    .where(and(eq(tontineDisputes.id, id), eq(tontineDisputes.tontineId, tontineId)));
  return row ?? null;
}

/** The newest of a group. */
export async function selectDisputes(
  reader: Reader,
  tontineId: bigint,
  limit: number,
): Promise<DisputeRow[]> {
  return await reader
    .select()
    .from(tontineDisputes)
    .where(eq(tontineDisputes.tontineId, tontineId))
    .orderBy(desc(tontineDisputes.id))
    .limit(limit);
}

const OPEN = ["opened", "answered"] as const satisfies TontineState<"dispute">[];

/** The dues of a group that somebody disputes: they are taken by nobody but their debtor. */
export async function selectDisputedDues(reader: Reader, tontineId: bigint): Promise<ReadonlySet<bigint>> {
  const rows = await reader
    .select({ dueId: tontineDisputes.dueId })
    .from(tontineDisputes)
    .where(and(eq(tontineDisputes.tontineId, tontineId), inArray(tontineDisputes.state, [...OPEN])));
  return new Set(rows.flatMap(({ dueId }) => dueId ?? []));
}

/** The database's rule: a dispute about a turn or a payout of it holds what is unpaid. */
export async function isDisputed(reader: Reader, turnId: bigint): Promise<boolean> {
  const [row] = await reader.execute<{ disputed: boolean }>(
    sql`select tontine_is_disputed(${turnId.toString()}::bigint) as disputed`,
  );
  return row?.disputed ?? false;
}

export async function updateDispute(
  tx: Transaction,
  id: bigint,
  patch: Partial<
    Pick<DisputeRow, "answer" | "answeredByMemberId" | "answeredAt" | "outcome" | "settledAt">
  > & {
    state: TontineState<"dispute">;
  },
): Promise<void> {
  await tx.update(tontineDisputes).set(patch).where(eq(tontineDisputes.id, id));
}

export async function insertRuling(
  tx: Transaction,
  values: typeof tontineDisputeRulings.$inferInsert,
): Promise<void> {
  await tx.insert(tontineDisputeRulings).values(values);
}

/** Of these disputes, in the order of ruling. */
export async function selectRulings(reader: Reader, disputeIds: readonly bigint[]): Promise<RulingRow[]> {
  if (disputeIds.length === 0) return [];
  return await reader
    .select()
    .from(tontineDisputeRulings)
    .where(inArray(tontineDisputeRulings.disputeId, [...disputeIds]))
    .orderBy(asc(tontineDisputeRulings.id));
}

/** The database's rule (0037_tontine_disputes.sql): who may rule. */
export async function mayRule(reader: Reader, disputeId: bigint, memberId: bigint): Promise<boolean> {
  const [row] = await reader.execute<{ may: boolean }>(
    sql`select tontine_may_rule(${disputeId.toString()}::bigint, ${memberId.toString()}::bigint) as may`,
  );
  return row?.may ?? false;
}

/** The same for whether its rulings settle it so. */
export async function isRuled(reader: Reader, disputeId: bigint, outcome: DisputeOutcome): Promise<boolean> {
  const [row] = await reader.execute<{ ruled: boolean }>(
    sql`select tontine_is_ruled(${disputeId.toString()}::bigint, ${outcome}) as ruled`,
  );
  return row?.ruled ?? false;
}
