import { and, asc, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { idempotencyKeys, operationEvents, operations } from "@/db/schema";

export type OperationRow = typeof operations.$inferSelect;
export type OperationState = OperationRow["state"];
export type OperationType = OperationRow["type"];
export type NewOperation = typeof operations.$inferInsert;
export type OperationEventRow = typeof operationEvents.$inferSelect;

export async function insertOperation(tx: Transaction, values: NewOperation): Promise<OperationRow> {
  const [row] = await tx.insert(operations).values(values).returning();
  if (!row) throw new Error("an insert returns its row");
  return row;
}

export async function findByReference(reader: Reader, reference: string): Promise<OperationRow | null> {
  const [row] = await reader.select().from(operations).where(eq(operations.reference, reference));
  return row ?? null;
}

export async function findReferenceById(reader: Reader, id: bigint): Promise<string | null> {
  const [row] = await reader
    .select({ reference: operations.reference })
    .from(operations)
    .where(eq(operations.id, id));
  return row?.reference ?? null;
}

/** Locks the row until the transaction ends; every change of state begins here. */
export async function lockByReference(tx: Transaction, reference: string): Promise<OperationRow | null> {
  const [row] = await tx.select().from(operations).where(eq(operations.reference, reference)).for("update");
  return row ?? null;
}

export async function lockById(tx: Transaction, id: bigint): Promise<OperationRow | null> {
  const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for("update");
  return row ?? null;
}

export type OperationPatch = Partial<
  Pick<NewOperation, "state" | "reason" | "providerReference" | "paymentUrl" | "attempt">
>;

export async function updateOperation(
  tx: Transaction,
  id: bigint,
  patch: OperationPatch,
): Promise<OperationRow> {
  const [row] = await tx
    .update(operations)
    .set({ ...patch, updatedAt: sql`clock_timestamp()` })
    .where(eq(operations.id, id))
    .returning();
  if (!row) throw new Error("an operation is never deleted");
  return row;
}

export async function insertEvent(
  tx: Transaction,
  values: typeof operationEvents.$inferInsert,
): Promise<void> {
  await tx.insert(operationEvents).values(values);
}

export async function listEvents(reader: Reader, operationId: bigint): Promise<OperationEventRow[]> {
  return await reader
    .select()
    .from(operationEvents)
    .where(eq(operationEvents.operationId, operationId))
    .orderBy(asc(operationEvents.id))
    .limit(100);
}

export interface OperationFilter {
  type?: OperationType;
  states?: readonly OperationState[];
  /** Part of a reference, or digits of a phone number. */
  text?: string;
}

/** A wallet's operations below `beforeId`, newest first: a keyset on (wallet_id, id desc). */
export async function selectPage(
  reader: Reader,
  walletId: bigint,
  page: { beforeId: bigint | null; limit: number; filter: OperationFilter },
): Promise<OperationRow[]> {
  const { type, states, text } = page.filter;
  const conditions: (SQL | undefined)[] = [eq(operations.walletId, walletId)];
  if (page.beforeId !== null) conditions.push(lt(operations.id, page.beforeId));
  if (type) conditions.push(eq(operations.type, type));
  if (states) conditions.push(inArray(operations.state, [...states]));
  if (text) {
    const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(
      or(sql`${operations.reference} ilike ${pattern}`, sql`${operations.phone} like ${pattern}`),
    );
  }
  return await reader
    .select()
    .from(operations)
    .where(and(...conditions))
    .orderBy(desc(operations.id))
    .limit(page.limit);
}

/** Operations in `states` that nothing has happened to since `quietSince`, oldest first. */
export async function selectQuiet(
  reader: Reader,
  states: readonly OperationState[],
  quietSince: Date,
  limit: number,
): Promise<OperationRow[]> {
  return await reader
    .select()
    .from(operations)
    .where(and(inArray(operations.state, [...states]), lt(operations.updatedAt, quietSince)))
    .orderBy(asc(operations.updatedAt))
    .limit(limit);
}

export interface KeyClaim {
  userId: bigint;
  key: string;
  inputHash: Buffer;
  reference: string;
}

/** Null when the key was free and is ours now; the row of whoever had it otherwise. Waits for a claim in flight. */
export async function claimKeyRow(tx: Transaction, claim: KeyClaim): Promise<KeyClaim | null> {
  const inserted = await tx.insert(idempotencyKeys).values(claim).onConflictDoNothing().returning();
  if (inserted.length > 0) return null;
  const [existing] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.userId, claim.userId), eq(idempotencyKeys.key, claim.key)));
  if (!existing) throw new Error("a key that conflicts exists");
  return existing;
}

/** Has this wallet paid out to this number before? */
export async function hasPaidOutTo(reader: Reader, walletId: bigint, phone: string): Promise<boolean> {
  const [row] = await reader
    .select({ id: operations.id })
    .from(operations)
    .where(
      and(
        eq(operations.walletId, walletId),
        eq(operations.type, "withdrawal"),
        eq(operations.phone, phone),
        eq(operations.state, "paid"),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** The newest withdrawal of the same sum to the same number since `since`, if there is one. */
export async function findSameWithdrawal(
  reader: Reader,
  walletId: bigint,
  same: { phone: string; amountMinor: bigint; since: Date },
): Promise<OperationRow | null> {
  const [row] = await reader
    .select()
    .from(operations)
    .where(
      and(
        eq(operations.walletId, walletId),
        eq(operations.type, "withdrawal"),
        eq(operations.phone, same.phone),
        eq(operations.amountMinor, same.amountMinor),
        sql`${operations.createdAt} >= ${same.since.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(operations.id))
    .limit(1);
  return row ?? null;
}
