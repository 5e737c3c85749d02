import { and, eq, ne } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { tontineMandates } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type MandateRow = typeof tontineMandates.$inferSelect;

export async function insertMandate(
  tx: Transaction,
  values: typeof tontineMandates.$inferInsert,
): Promise<MandateRow> {
  const [row] = await tx.insert(tontineMandates).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

/** The consents of a group that have not ended. */
export async function selectMandates(reader: Reader, tontineId: bigint): Promise<MandateRow[]> {
  return await reader
    .select()
    .from(tontineMandates)
    .where(and(eq(tontineMandates.tontineId, tontineId), ne(tontineMandates.state, "ended")));
}

export async function updateMandate(
  tx: Transaction,
  id: bigint,
  patch: { state?: TontineState<"mandate">; failures?: number; endedAt?: Date },
): Promise<void> {
  await tx.update(tontineMandates).set(patch).where(eq(tontineMandates.id, id));
}
