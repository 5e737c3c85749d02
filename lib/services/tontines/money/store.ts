import { and, asc, eq, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import {
  tontineDebtRepayments,
  tontineDebts,
  tontineDuePayments,
  tontineDues,
  tontineGuarantees,
  tontineOperations,
  tontines,
} from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import type { TontineState } from "../kinds";

export type DuePaymentRow = typeof tontineDuePayments.$inferSelect;
export type DebtRow = typeof tontineDebts.$inferSelect;
export type GuaranteeRow = typeof tontineGuarantees.$inferSelect;
export type NewDuePayment = typeof tontineDuePayments.$inferInsert;

export async function insertLinks(
  tx: Transaction,
  rows: (typeof tontineOperations.$inferInsert)[],
): Promise<void> {
  if (rows.length > 0) await tx.insert(tontineOperations).values(rows);
}

export async function insertDuePayments(tx: Transaction, rows: NewDuePayment[]): Promise<void> {
  if (rows.length > 0) await tx.insert(tontineDuePayments).values(rows);
}

/** The number of payments that each of these dues has had. */
export async function countParts(
  reader: Reader,
  dueIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, number>> {
  const rows = await preparedSql(reader)<{ due_id: string; parts: number }[]>`
    select due_id, count(*)::int as parts from tontine_due_payments
    where due_id = any (${dueIds.map(String)}::bigint[]) group by due_id`;
  return new Map(rows.map((row) => [BigInt(row.due_id), row.parts]));
}

export interface DueProgress {
  id: bigint;
  state: TontineState<"due">;
  paidMinor: bigint;
  coveredMinor: bigint;
}

/** One statement for all of them. */
export async function updateDues(tx: Transaction, dues: readonly DueProgress[]): Promise<void> {
  if (dues.length === 0) return;
  await preparedSql(tx)`
    update tontine_dues d set state = n.state, paid_minor = n.paid, covered_minor = n.covered
    from unnest(${dues.map(({ id }) => id.toString())}::bigint[], ${dues.map(({ state }) => state)}::text[],
      ${dues.map(({ paidMinor }) => paidMinor.toString())}::bigint[],
      ${dues.map(({ coveredMinor }) => coveredMinor.toString())}::bigint[]) as n(id, state, paid, covered)
    where d.id = n.id`;
}

export async function insertDebt(tx: Transaction, values: typeof tontineDebts.$inferInsert): Promise<void> {
  await tx.insert(tontineDebts).values(values);
}

/** What a member owes whoever paid for them, in the order of paying. */
export async function selectOpenDebts(reader: Reader, debtorMemberId: bigint): Promise<DebtRow[]> {
  return await reader
    .select()
    .from(tontineDebts)
    .where(
      and(
        eq(tontineDebts.debtorMemberId, debtorMemberId),
        sql`${tontineDebts.repaidMinor} < ${tontineDebts.amountMinor}`,
      ),
    )
    .orderBy(asc(tontineDebts.id));
}

/** All debts of a group, in the order of paying. */
export async function selectDebts(reader: Reader, tontineId: bigint): Promise<DebtRow[]> {
  return await reader
    .select()
    .from(tontineDebts)
    .where(eq(tontineDebts.tontineId, tontineId))
    .orderBy(asc(tontineDebts.id));
}

export async function repayDebt(
  tx: Transaction,
  debt: DebtRow,
  amountMinor: bigint,
  operationId: bigint | null,
): Promise<void> {
  await tx.insert(tontineDebtRepayments).values({ debtId: debt.id, amountMinor, operationId });
  await tx
    .update(tontineDebts)
    .set({ repaidMinor: debt.repaidMinor + amountMinor })
    .where(eq(tontineDebts.id, debt.id));
}

export async function countOpenDebtsOfDue(reader: Reader, dueId: bigint): Promise<number> {
  const rows = await reader
    .select({ id: tontineDebts.id })
    .from(tontineDebts)
    .where(
      and(eq(tontineDebts.dueId, dueId), sql`${tontineDebts.repaidMinor} < ${tontineDebts.amountMinor}`),
    );
  return rows.length;
}

export async function setDueRepaid(tx: Transaction, dueId: bigint): Promise<void> {
  await tx
    .update(tontineDues)
    .set({ state: "repaid" })
    .where(and(eq(tontineDues.id, dueId), eq(tontineDues.state, "covered")));
}

export async function insertGuarantee(
  tx: Transaction,
  values: typeof tontineGuarantees.$inferInsert,
): Promise<GuaranteeRow> {
  const [row] = await tx.insert(tontineGuarantees).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

export async function selectGuarantees(reader: Reader, tontineId: bigint): Promise<GuaranteeRow[]> {
  return await reader
    .select()
    .from(tontineGuarantees)
    .where(eq(tontineGuarantees.tontineId, tontineId))
    .orderBy(asc(tontineGuarantees.id));
}

export async function updateGuarantee(
  tx: Transaction,
  id: bigint,
  patch: { state?: TontineState<"guarantee">; usedMinor?: bigint; signedAt?: Date },
): Promise<void> {
  await tx.update(tontineGuarantees).set(patch).where(eq(tontineGuarantees.id, id));
}

/** The code of the group that a due belongs to. */
export async function findGroupOfDue(reader: Reader, dueId: bigint): Promise<string | null> {
  const [row] = await reader
    .select({ code: tontines.code })
    .from(tontineDues)
    .innerJoin(tontines, eq(tontines.id, tontineDues.tontineId))
    .where(eq(tontineDues.id, dueId));
  return row?.code ?? null;
}
