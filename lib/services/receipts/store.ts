import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { operations, receiptLinks, users, wallets } from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type ReceiptLinkRow = typeof receiptLinks.$inferSelect;

export async function insertReceiptLink(
  tx: Transaction,
  values: typeof receiptLinks.$inferInsert,
): Promise<ReceiptLinkRow> {
  const [row] = await tx.insert(receiptLinks).values(values).returning();
  invariant(row, "an insert returns its row");
  return row;
}

/** Links of one side's receipt that work at this time, the newest first. */
export async function selectLiveLinks(
  reader: Reader,
  side: { operationId: bigint; walletId: bigint },
  now: Date,
  limit: number,
): Promise<ReceiptLinkRow[]> {
  return await reader
    .select()
    .from(receiptLinks)
    .where(
      and(
        eq(receiptLinks.operationId, side.operationId),
        eq(receiptLinks.walletId, side.walletId),
        isNull(receiptLinks.revokedAt),
        gt(receiptLinks.expiresAt, now),
      ),
    )
    .orderBy(desc(receiptLinks.createdAt))
    .limit(limit);
}

/** Locks the row until the transaction ends. */
export async function lockReceiptLink(tx: Transaction, id: string): Promise<ReceiptLinkRow | null> {
  const [row] = await tx.select().from(receiptLinks).where(eq(receiptLinks.id, id)).for("update");
  return row ?? null;
}

export async function markRevoked(tx: Transaction, id: string): Promise<void> {
  await tx.update(receiptLinks).set({ revokedAt: sql`clock_timestamp()` }).where(eq(receiptLinks.id, id));
}

/** A link with the operation that it shows and the person whose receipt it is. */
export async function findLinkedReceipt(reader: Reader, tokenHash: Buffer) {
  const [row] = await reader
    .select({
      link: receiptLinks,
      operation: operations,
      wallet: { id: wallets.id, number: wallets.number },
      owner: { firstName: users.firstName, lastName: users.lastName, phone: users.phone },
    })
    .from(receiptLinks)
    .innerJoin(operations, eq(operations.id, receiptLinks.operationId))
    .innerJoin(wallets, eq(wallets.id, receiptLinks.walletId))
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(eq(receiptLinks.tokenHash, tokenHash));
  return row ?? null;
}
