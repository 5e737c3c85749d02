import { and, eq } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { users, vaults, wallets } from "@/db/schema";

/** Whose wallet it is: the whole name, as the person wrote it. */
export async function findHolder(
  reader: Reader,
  walletId: bigint,
): Promise<{ holder: string; walletNumber: string } | null> {
  const [row] = await reader
    .select({ firstName: users.firstName, lastName: users.lastName, walletNumber: wallets.number })
    .from(wallets)
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(eq(wallets.id, walletId));
  return row ? { holder: `${row.firstName} ${row.lastName}`.trim(), walletNumber: row.walletNumber } : null;
}

export async function findVaultName(
  reader: Reader,
  walletId: bigint,
  vaultId: bigint,
): Promise<string | null> {
  const [row] = await reader
    .select({ name: vaults.name })
    .from(vaults)
    .where(and(eq(vaults.id, vaultId), eq(vaults.walletId, walletId)));
  return row?.name ?? null;
}
