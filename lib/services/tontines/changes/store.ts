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
  patch: { state: TontineState<"handover">; countersignedBy?: bigint },
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

/** Offers that nobody finished in their time. */
export async function lapseOffers(tx: Transaction, tontineId: bigint, now: Date): Promise<void> {
  const [swap, handover] = [tontineSwaps, tontineHandovers];
  await tx
    .update(swap)
    .set({ state: "lapsed" })
    .where(and(eq(swap.tontineId, tontineId), inArray(swap.state, OPEN), lte(swap.expiresAt, now)));
  await tx
    .update(handover)
    .set({ state: "lapsed" })
    .where(
      and(eq(handover.tontineId, tontineId), inArray(handover.state, OPEN), lte(handover.expiresAt, now)),
    );
}
