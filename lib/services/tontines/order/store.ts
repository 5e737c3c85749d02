import { and, asc, eq, lte } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import {
  tontineDrawNumbers,
  tontineDrawResults,
  tontineDrawShares,
  tontineDraws,
  tontines,
} from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type DrawRow = typeof tontineDraws.$inferSelect;
export type NewDrawResult = Omit<typeof tontineDrawResults.$inferInsert, "seed" | "shareOrder">;
export type DrawResultRow = typeof tontineDrawResults.$inferSelect;

/** The draw of a cycle; null before its sheet is frozen. */
export async function findDraw(reader: Reader, cycleId: bigint): Promise<DrawRow | null> {
  const [row] = await reader.select().from(tontineDraws).where(eq(tontineDraws.cycleId, cycleId));
  return row ?? null;
}

export async function findDrawResult(reader: Reader, drawId: bigint): Promise<DrawResultRow | null> {
  const [row] = await reader.select().from(tontineDrawResults).where(eq(tontineDrawResults.drawId, drawId));
  return row ?? null;
}

/** What members added, by member. */
export async function selectDrawNumbers(
  reader: Reader,
  cycleId: bigint,
): Promise<ReadonlyMap<bigint, string>> {
  const rows = await reader
    .select({ memberId: tontineDrawNumbers.memberId, number: tontineDrawNumbers.number })
    .from(tontineDrawNumbers)
    .where(eq(tontineDrawNumbers.cycleId, cycleId));
  return new Map(rows.map(({ memberId, number }) => [memberId, number]));
}

export async function saveDrawNumber(
  tx: Transaction,
  values: { cycleId: bigint; memberId: bigint; number: string; addedAt: Date },
): Promise<void> {
  const { number, addedAt } = values;
  await tx
    .insert(tontineDrawNumbers)
    .values(values)
    .onConflictDoUpdate({
      target: [tontineDrawNumbers.cycleId, tontineDrawNumbers.memberId],
      set: { number, addedAt },
    });
}

/** The database writes the sheet, and which share has which number in it. */
export async function insertDraw(
  tx: Transaction,
  values: Omit<typeof tontineDraws.$inferInsert, "sheet">,
): Promise<DrawRow> {
  const [row] = await tx
    .insert(tontineDraws)
    .values({ ...values, sheet: "" })
    .returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function updateDraw(
  tx: Transaction,
  id: bigint,
  patch: Partial<
    Pick<DrawRow, "state" | "tries" | "nextTryAt" | "problem" | "typedNumbers" | "typedDay" | "typedBy">
  >,
): Promise<void> {
  await tx.update(tontineDraws).set(patch).where(eq(tontineDraws.id, id));
}

/** The shares of a draw by their number in its sheet. */
export async function selectDrawShares(
  reader: Reader,
  drawId: bigint,
): Promise<readonly { number: number; shareId: bigint; added: string }[]> {
  const { number, shareId, added } = tontineDrawShares;
  return await reader
    .select({ number, shareId, added })
    .from(tontineDrawShares)
    .where(eq(tontineDrawShares.drawId, drawId))
    .orderBy(asc(tontineDrawShares.number));
}

/** The database computes seed and order. */
export async function insertDrawResult(tx: Transaction, values: NewDrawResult): Promise<DrawResultRow> {
  const [row] = await tx
    .insert(tontineDrawResults)
    .values({ ...values, seed: "", shareOrder: "" })
    .returning();
  invariant(row, "an insert returns its row");
  return row;
}

/** Draws whose round should be published and that may be tried at this time, of groups that wait for their start. */
export async function selectDrawsToRead(
  reader: Reader,
  now: Date,
  limit: number,
): Promise<{ draw: DrawRow; tontineId: bigint }[]> {
  return await reader
    .select({ draw: tontineDraws, tontineId: tontines.id })
    .from(tontineDraws)
    .innerJoin(tontines, eq(tontines.id, tontineDraws.tontineId))
    .where(
      and(
        eq(tontineDraws.state, "frozen"),
        eq(tontineDraws.source, "quicknet"),
        lte(tontineDraws.nextTryAt, now),
        eq(tontines.state, "agreed"),
      ),
    )
    .orderBy(asc(tontineDraws.nextTryAt))
    .limit(limit);
}
