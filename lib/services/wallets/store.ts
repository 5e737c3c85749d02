import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { vaults, wallets } from "@/db/schema";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";

export type WalletRow = typeof wallets.$inferSelect;

/** Null when the number is taken. */
export async function insertWallet(
  tx: Transaction,
  userId: bigint,
  number: string,
): Promise<WalletRow | null> {
  const [row] = await tx
    .insert(wallets)
    .values({ userId, number })
    .onConflictDoNothing({ target: wallets.number })
    .returning();
  return row ?? null;
}

export async function findWalletOfUser(reader: Reader, userId: bigint): Promise<WalletRow | null> {
  const [row] = await reader.select().from(wallets).where(eq(wallets.userId, userId));
  return row ?? null;
}

export async function findWalletByNumber(reader: Reader, number: string): Promise<WalletRow | null> {
  const [row] = await reader.select().from(wallets).where(eq(wallets.number, number));
  return row ?? null;
}

/** Rows that refer to the wallet may still be written meanwhile. */
export async function lockWalletOfUser(tx: Transaction, userId: bigint): Promise<WalletRow | null> {
  const [row] = await tx.select().from(wallets).where(eq(wallets.userId, userId)).for("no key update");
  return row ?? null;
}

/** When a wallet was frozen, which nobody changes until the transaction ends; null when it isn't. */
export async function lockFrozenAt(tx: Transaction, walletId: bigint): Promise<Date | null> {
  const [row] = await tx
    .select({ frozenAt: wallets.frozenAt })
    .from(wallets)
    .where(eq(wallets.id, walletId))
    .for("share");
  return row?.frozenAt ?? null;
}

/** Those of these that are frozen; nobody changes it for any of them until the transaction ends. */
export async function lockFrozen(tx: Transaction, walletIds: readonly bigint[]): Promise<bigint[]> {
  if (walletIds.length === 0) return [];
  const rows = await tx
    .select({ id: wallets.id, frozenAt: wallets.frozenAt })
    .from(wallets)
    .where(inArray(wallets.id, [...walletIds]))
    .orderBy(wallets.id)
    .for("share");
  return rows.filter(({ frozenAt }) => frozenAt !== null).map(({ id }) => id);
}

/** Which open vaults a wallet has: their ledger accounts are part of its balances. */
export async function selectOpenVaults(
  reader: Reader,
  walletId: bigint,
): Promise<{ id: bigint; currency: Currency }[]> {
  return await reader
    .select({ id: vaults.id, currency: vaults.currency })
    .from(vaults)
    .where(and(eq(vaults.walletId, walletId), isNull(vaults.closedAt)));
}

/** The user whose wallet it is. */
export async function ownerOfWallet(reader: Reader, walletId: bigint): Promise<bigint> {
  const [row] = await reader.select({ userId: wallets.userId }).from(wallets).where(eq(wallets.id, walletId));
  invariant(row, "a wallet has its owner");
  return row.userId;
}
