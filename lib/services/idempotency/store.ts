import { and, eq } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { idempotencyKeys, operations } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { OperationRow } from "../operations/operation";

export interface KeyRow {
  userId: bigint;
  key: string;
  inputHash: Buffer;
  /** The operation that the key stands for; null where it stands for an answer. */
  reference: string | null;
  /** JSON; null where the key stands for an operation. */
  answer: string | null;
}

function isKey(userId: bigint, key: string) {
  return and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key));
}

/** Null when the key was free and is ours now; otherwise the row that has it. Waits for a claim in flight. */
export async function insertKeyRow(tx: Transaction, row: Omit<KeyRow, "answer">): Promise<KeyRow | null> {
  const inserted = await tx.insert(idempotencyKeys).values(row).onConflictDoNothing().returning();
  if (inserted.length > 0) return null;
  const existing = await findKeyRow(tx, row.userId, row.key);
  invariant(existing, "a key that conflicts exists");
  return existing;
}

export async function findKeyRow(reader: Reader, userId: bigint, key: string): Promise<KeyRow | null> {
  const [row] = await reader.select().from(idempotencyKeys).where(isKey(userId, key));
  return row ?? null;
}

/** Writes what a key stands for, in the transaction that claimed it. */
export async function updateAnswer(
  tx: Transaction,
  { userId, key }: Pick<KeyRow, "userId" | "key">,
  answer: string,
): Promise<void> {
  await tx.update(idempotencyKeys).set({ answer }).where(isKey(userId, key));
}

export async function findOperation(reader: Reader, reference: string): Promise<OperationRow | null> {
  const [row] = await reader.select().from(operations).where(eq(operations.reference, reference));
  return row ?? null;
}
