import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { reconciliationBreaks, reconciliationRuns } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import type { Difference } from "./compare";

export type RunRow = typeof reconciliationRuns.$inferSelect;
export type BreakRow = typeof reconciliationBreaks.$inferSelect;
export type NewRun = Pick<RunRow, "provider" | "span" | "windowFrom" | "windowTo">;

export interface OurRow {
  reference: string;
  type: "deposit" | "withdrawal";
  state: string;
  currency: Currency;
  createdAt: Date;
  changedAt: Date;
}

/** A provider's operations that were recorded in a window of time, and those of `references`. */
export async function selectOurs(
  reader: Reader,
  provider: string,
  window: { from: Date; to: Date },
  references: readonly string[],
): Promise<OurRow[]> {
  const rows = await preparedSql(reader)<
    (Omit<OurRow, "createdAt" | "changedAt"> & { created: string; changed: string })[]
  >`
    select o.reference, o.type, o.state, o.currency,
      o.created_at::text as created, e.at::text as changed
    from (
      select id from operations where provider = ${provider}
        and created_at >= ${window.from.toISOString()}::timestamptz
        and created_at < ${window.to.toISOString()}::timestamptz
      union select id from operations where reference = any (${[...references]}) and provider = ${provider}) named
    join operations o on o.id = named.id
    cross join lateral (select max(created_at) as at from operation_events where operation_id = o.id) e`;
  return rows.map(({ created, changed, ...row }) => ({
    ...row,
    createdAt: new Date(created),
    changedAt: new Date(changed),
  }));
}

export async function insertRun(tx: Transaction, values: NewRun): Promise<RunRow> {
  const [row] = await tx.insert(reconciliationRuns).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function findRun(reader: Reader, id: bigint): Promise<RunRow | null> {
  const [row] = await reader.select().from(reconciliationRuns).where(eq(reconciliationRuns.id, id));
  return row ?? null;
}

/** Locks the run that is to be finished; null when it is already. */
export async function lockOpenRun(tx: Transaction, id: bigint): Promise<RunRow | null> {
  const [row] = await tx
    .select()
    .from(reconciliationRuns)
    .where(and(eq(reconciliationRuns.id, id), isNull(reconciliationRuns.finishedAt)))
    .for("update");
  return row ?? null;
}

export async function finishRun(tx: Transaction, id: bigint, compared: number): Promise<void> {
  await tx
    .update(reconciliationRuns)
    .set({ finishedAt: sql`clock_timestamp()`, compared })
    .where(eq(reconciliationRuns.id, id));
}

/** When a provider's newest run of a span was recorded; null when there was none. */
export async function findNewestRun(
  reader: Reader,
  provider: string,
  span: RunRow["span"],
): Promise<Date | null> {
  const [row] = await reader
    .select({ createdAt: reconciliationRuns.createdAt })
    .from(reconciliationRuns)
    .where(and(eq(reconciliationRuns.provider, provider), eq(reconciliationRuns.span, span)))
    .orderBy(desc(reconciliationRuns.id))
    .limit(1);
  return row?.createdAt ?? null;
}

/** Null when this very break is open already. */
export async function insertBreak(
  tx: Transaction,
  run: Pick<RunRow, "id" | "provider">,
  difference: Difference,
): Promise<BreakRow | null> {
  const values = { ...difference, runId: run.id, provider: run.provider };
  const [row] = await tx.insert(reconciliationBreaks).values(values).onConflictDoNothing().returning();
  return row ?? null;
}

export async function resolveBreak(tx: Transaction, id: bigint): Promise<void> {
  await tx
    .update(reconciliationBreaks)
    .set({ resolvedAt: sql`clock_timestamp()` })
    .where(and(eq(reconciliationBreaks.id, id), isNull(reconciliationBreaks.resolvedAt)));
}

/** A provider's open breaks, oldest first. */
export async function selectOpenBreaks(reader: Reader, provider: string, limit: number): Promise<BreakRow[]> {
  return await reader
    .select()
    .from(reconciliationBreaks)
    .where(and(eq(reconciliationBreaks.provider, provider), isNull(reconciliationBreaks.resolvedAt)))
    .orderBy(asc(reconciliationBreaks.id))
    .limit(limit);
}

export async function countOpen(reader: Reader): Promise<number> {
  return await reader.$count(reconciliationBreaks, isNull(reconciliationBreaks.resolvedAt));
}
