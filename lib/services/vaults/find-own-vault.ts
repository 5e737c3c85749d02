import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { findVault, lockVaultRow, type VaultRow } from "./store";

export interface OwnVault {
  userId: bigint;
  vault: VaultRow;
}

const ID = /^[1-9][0-9]{0,17}$/;

/**
 * The signed-in person's vault, unlocked: its currency and wallet never change. No API key's permission covers vaults.
 * Throws `unauthenticated`, and `not_found` for what doesn't exist and for what is somebody else's.
 */
export async function findOwnVault(context: Context, vaultId: string): Promise<OwnVault> {
  const userId = requirePerson(context);
  const wallet = await walletOfUser(context.db, userId);
  const vault = ID.test(vaultId) ? await findVault(context.db, wallet.id, BigInt(vaultId)) : null;
  if (!vault) throw new DomainError("not_found");
  return { userId, vault };
}

/** The same row, locked and read again. Throws `not_found` once it is closed. */
export async function lockOwnVault(tx: Transaction, { vault }: OwnVault): Promise<VaultRow> {
  const locked = await lockVaultRow(tx, vault.walletId, vault.id);
  if (!locked || locked.closedAt !== null) throw new DomainError("not_found");
  return locked;
}
