import { and, asc, count, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { vaults } from "@/db/schema";
import { invariant } from "@/lib/invariant";

export type VaultRow = typeof vaults.$inferSelect & {
  /** By the database's clock. */
  isLocked: boolean;
};

const COLUMNS = {
  ...getTableColumns(vaults),
  isLocked: sql<boolean>`coalesce(${vaults.lockedUntil} > clock_timestamp(), false)`,
};

export async function insertVault(tx: Transaction, values: typeof vaults.$inferInsert): Promise<VaultRow> {
  const [row] = await tx.insert(vaults).values(values).returning(COLUMNS);
  invariant(row, "an insert returns its row");
  return row;
}

export async function findVault(reader: Reader, walletId: bigint, id: bigint): Promise<VaultRow | null> {
  const [row] = await reader
    .select(COLUMNS)
    .from(vaults)
    .where(and(eq(vaults.id, id), eq(vaults.walletId, walletId)));
  return row ?? null;
}

/**
 * Locks the row until the transaction ends: whatever moves a vault's money or changes it begins here. Read again once
 * the lock is ours, since the clock of a statement that waited for it may be the one before it waited.
 */
export async function lockVaultRow(tx: Transaction, walletId: bigint, id: bigint): Promise<VaultRow | null> {
  const locked = await tx
    .select({ id: vaults.id })
    .from(vaults)
    .where(and(eq(vaults.id, id), eq(vaults.walletId, walletId)))
    .for("no key update");
  return locked.length === 0 ? null : await findVault(tx, walletId, id);
}

/** Oldest first. */
export async function selectOpenVaults(reader: Reader, walletId: bigint): Promise<VaultRow[]> {
  return await reader
    .select(COLUMNS)
    .from(vaults)
    .where(and(eq(vaults.walletId, walletId), isNull(vaults.closedAt)))
    .orderBy(asc(vaults.id));
}

export async function countOpenVaults(reader: Reader, walletId: bigint): Promise<number> {
  const [row] = await reader
    .select({ open: count() })
    .from(vaults)
    .where(and(eq(vaults.walletId, walletId), isNull(vaults.closedAt)));
  return row?.open ?? 0;
}

export async function updateVaultRow(
  tx: Transaction,
  id: bigint,
  patch: Partial<Pick<VaultRow, "name" | "goalMinor" | "lockedUntil">>,
): Promise<VaultRow> {
  const [row] = await tx.update(vaults).set(patch).where(eq(vaults.id, id)).returning(COLUMNS);
  invariant(row, "a vault is never deleted");
  return row;
}

export async function closeVaultRow(tx: Transaction, id: bigint): Promise<void> {
  await tx.update(vaults).set({ closedAt: sql`clock_timestamp()` }).where(eq(vaults.id, id));
}
