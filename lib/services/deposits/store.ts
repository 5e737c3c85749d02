import { and, asc, eq, inArray, lt, notInArray, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { depositPayments, disputes, operations } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import type { Currency } from "@/lib/money/currency";

export interface StaleFilter {
  /** Nothing has happened to them since. */
  before: Date;
  /** Only those of these providers, or all but those. */
  providers: { in: readonly string[] } | { notIn: readonly string[] };
}

/** The place after a row in the order of {@link selectStalePending}: its `updated_at` in full precision, and its id. */
export interface StaleCursor {
  updatedAt: string;
  id: bigint;
}

/** Pending deposits that nothing has happened to for a while, least recently updated first, with the cursor of the next page. */
export async function selectStalePending(
  reader: Reader,
  { before, providers }: StaleFilter,
  page: { after: StaleCursor | null; limit: number },
): Promise<{ rows: (typeof operations.$inferSelect)[]; next: StaleCursor | null }> {
  const { after, limit } = page;
  const found = await reader
    .select({ row: operations, updatedAt: sql<string>`${operations.updatedAt}::text` })
    .from(operations)
    .where(
      and(
        eq(operations.state, "pending"),
        lt(operations.updatedAt, before),
        "in" in providers
          ? inArray(operations.provider, [...providers.in])
          : notInArray(operations.provider, [...providers.notIn]),
        after
          ? sql`(${operations.updatedAt}, ${operations.id}) > (${after.updatedAt}::timestamptz, ${after.id}::bigint)`
          : undefined,
      ),
    )
    .orderBy(asc(operations.updatedAt), asc(operations.id))
    .limit(limit);
  const last = found.at(-1);
  return {
    rows: found.map(({ row }) => row),
    next: last && found.length === limit ? { updatedAt: last.updatedAt, id: last.row.id } : null,
  };
}

/** Once a deposit. */
export async function insertDepositPayment(
  tx: Transaction,
  values: typeof depositPayments.$inferInsert,
): Promise<void> {
  await tx.insert(depositPayments).values(values).onConflictDoNothing();
}

export type DisputeRow = typeof disputes.$inferSelect;

/** All disputes of a deposit, oldest first. */
export async function listDisputes(reader: Reader, operationId: bigint): Promise<DisputeRow[]> {
  return await reader
    .select()
    .from(disputes)
    .where(eq(disputes.operationId, operationId))
    .orderBy(asc(disputes.id));
}

export type ListedDispute = DisputeRow & { reference: string; currency: Currency };

/** Open ones of all deposits, oldest first. */
export async function selectOpenDisputes(reader: Reader, limit: number): Promise<ListedDispute[]> {
  const rows = await reader
    .select({ dispute: disputes, reference: operations.reference, currency: operations.currency })
    .from(disputes)
    .innerJoin(operations, eq(operations.id, disputes.operationId))
    .where(eq(disputes.state, "open"))
    .orderBy(asc(disputes.id))
    .limit(limit);
  return rows.map(({ dispute, reference, currency }) => ({ ...dispute, reference, currency }));
}

export async function insertDispute(tx: Transaction, values: typeof disputes.$inferInsert): Promise<void> {
  await tx.insert(disputes).values(values);
}

/** Whether it is open, what the provider says of it and, while it is open, how much: nothing else of a dispute changes. */
export async function updateDispute(
  tx: Transaction,
  id: bigint,
  patch: Partial<Pick<DisputeRow, "state" | "outcome" | "amountMinor">>,
): Promise<void> {
  await tx
    .update(disputes)
    .set({ ...patch, changedAt: sql`clock_timestamp()` })
    .where(eq(disputes.id, id));
}

/** Wallets that may owe something and have money to pay it: whose deposits were taken back. */
export async function selectDebtors(
  reader: Reader,
  limit: number,
): Promise<{ walletId: bigint; currency: Currency }[]> {
  const rows = await preparedSql(reader)<{ wallet_id: string; currency: Currency }[]>`
    select distinct o.wallet_id, o.currency from disputes d
    join operations o on o.id = d.operation_id
    join ledger_accounts a on a.address = ledger_address_available(o.wallet_id, o.currency) and a.balance > 0
    join ledger_accounts b on b.address = ledger_address_owed(o.wallet_id, o.currency) and ledger_balance(b.id) < 0
    where d.state = 'taken_back' limit ${limit}`;
  return rows.map(({ wallet_id: walletId, currency }) => ({ walletId: BigInt(walletId), currency }));
}
