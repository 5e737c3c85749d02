import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineDues, tontineShareHolders, tontineTurnShares, tontineTurns } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type TurnRow = typeof tontineTurns.$inferSelect;
export type DueRow = typeof tontineDues.$inferSelect;
export type NewDue = typeof tontineDues.$inferInsert;

/** A due with who owes it; `dueAt` is when it is due now, after a pause or a vote. */
export interface OwedDue extends DueRow {
  memberId: bigint;
  turnNumber: number;
}

/** Who takes in a turn: read from the order. */
export interface Receiver {
  holderId: bigint;
  memberId: bigint;
  halves: number;
}

export async function insertTurns(
  tx: Transaction,
  turns: (typeof tontineTurns.$inferInsert)[],
): Promise<TurnRow[]> {
  return await tx.insert(tontineTurns).values(turns).returning();
}

export async function insertTurnShares(
  tx: Transaction,
  rows: (typeof tontineTurnShares.$inferInsert)[],
): Promise<void> {
  await tx.insert(tontineTurnShares).values(rows);
}

/** In the order of their due days. */
export async function selectTurns(reader: Reader, cycleId: bigint): Promise<TurnRow[]> {
  return await reader
    .select()
    .from(tontineTurns)
    .where(eq(tontineTurns.cycleId, cycleId))
    .orderBy(asc(tontineTurns.dueAt), asc(tontineTurns.number));
}

export async function findTurn(reader: Reader, id: bigint): Promise<TurnRow> {
  const [row] = await reader.select().from(tontineTurns).where(eq(tontineTurns.id, id));
  invariant(row, "a turn is never deleted");
  return row;
}

export async function updateTurn(
  tx: Transaction,
  id: bigint,
  patch: { state?: TontineState<"turn">; kind?: "refund"; calledAt?: Date; paidAt?: Date },
): Promise<void> {
  await tx.update(tontineTurns).set(patch).where(eq(tontineTurns.id, id));
}

export async function selectReceivers(reader: Reader, turnId: bigint): Promise<Receiver[]> {
  const rows = await reader.execute<{ holder_id: string; member_id: string; halves: number }>(
    sql`select holder_id, member_id, halves from tontine_receivers(${turnId.toString()}::bigint) order by holder_id`,
  );
  return rows.map((row) => ({
    holderId: BigInt(row.holder_id),
    memberId: BigInt(row.member_id),
    halves: row.halves,
  }));
}

/** Which turn each share of a cycle takes in. */
export async function selectTurnsOfShares(
  reader: Reader,
  cycleId: bigint,
): Promise<ReadonlyMap<bigint, TurnRow>> {
  const rows = await reader
    .select({ shareId: tontineTurnShares.shareId, turn: tontineTurns })
    .from(tontineTurnShares)
    .innerJoin(tontineTurns, eq(tontineTurns.id, tontineTurnShares.turnId))
    .where(eq(tontineTurnShares.cycleId, cycleId));
  return new Map(rows.map(({ shareId, turn }) => [shareId, turn]));
}

export async function moveTurnShare(tx: Transaction, shareId: bigint, turnId: bigint): Promise<void> {
  await tx.update(tontineTurnShares).set({ turnId }).where(eq(tontineTurnShares.shareId, shareId));
}

export async function insertDues(tx: Transaction, dues: NewDue[]): Promise<DueRow[]> {
  if (dues.length === 0) return [];
  return await tx.insert(tontineDues).values(dues).onConflictDoNothing().returning();
}

const DUE_AT = sql`coalesce(${tontineDues.postponedTo}, ${tontineDues.dueAt})`;

const OWED = {
  dues: tontineDues,
  memberId: tontineShareHolders.memberId,
  turnNumber: tontineTurns.number,
};

function selectOwed(reader: Reader) {
  return reader
    .select(OWED)
    .from(tontineDues)
    .innerJoin(tontineShareHolders, eq(tontineShareHolders.id, tontineDues.holderId))
    .innerJoin(tontineTurns, eq(tontineTurns.id, tontineDues.turnId));
}

const toOwed = ({ dues, ...more }: Awaited<ReturnType<typeof selectOwed>>[number]): OwedDue => ({
  ...dues,
  dueAt: dues.postponedTo ?? dues.dueAt,
  ...more,
});

/** Of a turn, by id. */
export async function selectDuesOfTurn(reader: Reader, turnId: bigint): Promise<OwedDue[]> {
  const rows = await selectOwed(reader).where(eq(tontineDues.turnId, turnId)).orderBy(asc(tontineDues.id));
  return rows.map(toOwed);
}

/** Those of these that are a group's, locked in the order of their ids. */
export async function lockDues(
  tx: Transaction,
  tontineId: bigint,
  ids: readonly bigint[],
): Promise<OwedDue[]> {
  if (ids.length === 0) return [];
  const rows = await selectOwed(tx)
    .where(and(inArray(tontineDues.id, [...ids]), eq(tontineDues.tontineId, tontineId)))
    .orderBy(asc(tontineDues.id))
    .for("no key update", { of: tontineDues });
  return rows.map(toOwed);
}

export const OPEN_STATES = ["open", "part", "late"] as const satisfies TontineState<"due">[];

/** What is still open in a group, the oldest due day first, contributions before fines. */
export async function selectOpenDues(reader: Reader, tontineId: bigint): Promise<OwedDue[]> {
  const rows = await selectOwed(reader)
    .where(and(eq(tontineDues.tontineId, tontineId), inArray(tontineDues.state, [...OPEN_STATES])))
    .orderBy(asc(DUE_AT), asc(tontineTurns.number), asc(tontineDues.id));
  return rows.map(toOwed);
}

/** All of a member's, the first turn first. */
export async function selectDuesOfMember(reader: Reader, memberId: bigint): Promise<OwedDue[]> {
  const rows = await selectOwed(reader)
    .where(eq(tontineShareHolders.memberId, memberId))
    .orderBy(asc(tontineTurns.number), asc(tontineDues.id));
  return rows.map(toOwed);
}

/** Dues of these that were open when their time had come become late. */
export async function markLate(tx: Transaction, ids: readonly bigint[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(tontineDues)
    .set({ state: "late" })
    .where(and(inArray(tontineDues.id, [...ids]), inArray(tontineDues.state, ["open", "part"])));
}

/** What a due still asks for. */
export const openMinor = (due: DueRow): bigint =>
  due.amountMinor - due.paidMinor - due.coveredMinor - due.waivedMinor;

/** The fines of each holder in a cycle, whatever became of them. */
export async function sumFines(reader: Reader, cycleId: bigint): Promise<ReadonlyMap<bigint, bigint>> {
  const rows = await reader
    .select({ holderId: tontineDues.holderId, total: sql<string>`sum(${tontineDues.amountMinor})` })
    .from(tontineDues)
    .innerJoin(tontineTurns, eq(tontineTurns.id, tontineDues.turnId))
    .where(and(eq(tontineTurns.cycleId, cycleId), eq(tontineDues.kind, "fine")))
    .groupBy(tontineDues.holderId);
  return new Map(rows.map(({ holderId, total }) => [holderId, BigInt(total)]));
}

/** What a holder paid, or others for them, as contributions to each turn of a cycle. */
export async function selectContributionsOf(
  reader: Reader,
  holderId: bigint,
): Promise<{ turnId: bigint; paidMinor: bigint }[]> {
  return await reader
    .select({
      turnId: tontineDues.turnId,
      paidMinor: sql<bigint>`${tontineDues.paidMinor} + ${tontineDues.coveredMinor}`.mapWith(BigInt),
    })
    .from(tontineDues)
    .where(
      and(
        eq(tontineDues.holderId, holderId),
        eq(tontineDues.kind, "contribution"),
        ne(tontineDues.state, "returned"),
      ),
    );
}

/** Its debtor pays it later, by the rules. */
export async function putOffDue(
  tx: Transaction,
  id: bigint,
  patch: { postponedTo: Date; extendedAt: Date },
): Promise<void> {
  await tx.update(tontineDues).set(patch).where(eq(tontineDues.id, id));
}

/** Nothing is asked of a due any more, and what was paid of it has been given back. */
export async function cancelDue(tx: Transaction, due: DueRow): Promise<void> {
  const isPaid = due.paidMinor + due.coveredMinor > 0n;
  await tx
    .update(tontineDues)
    .set({ waivedMinor: due.waivedMinor + openMinor(due), state: isPaid ? "returned" : "waived" })
    .where(eq(tontineDues.id, due.id));
}

/** What a due still asks for is asked for no more: it has become a debt. */
export async function waiveDue(tx: Transaction, due: DueRow): Promise<void> {
  await tx
    .update(tontineDues)
    .set({
      waivedMinor: due.waivedMinor + openMinor(due),
      state: due.coveredMinor > 0n ? "covered" : "waived",
    })
    .where(eq(tontineDues.id, due.id));
}
