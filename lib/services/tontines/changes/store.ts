import { and, asc, eq, inArray, lte } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineHandovers, tontineSwaps } from "@/db/schema";
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
