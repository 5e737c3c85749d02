import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import type { Context } from "../context";
import { accountOfVault } from "./account-of-vault";
import { findOwnVault } from "./find-own-vault";
import type { CloseVault } from "./schema";
import { closeVaultRow, lockVaultRow } from "./store";
import { cancelUnlockNotice } from "./unlock-notice";

/**
 * Closes an empty vault for good, locked or not; its history stays. Closing it again changes nothing. Putting
 * money in takes the same row lock, so nothing comes in behind the check. Throws `not_found`, `vault_not_empty`.
 */
export async function closeVault(context: Context, input: CloseVault): Promise<void> {
  const { userId, vault } = await findOwnVault(context, input.vaultId);
  await inTransaction(context.db, async (tx) => {
    const locked = await lockVaultRow(tx, vault.walletId, vault.id);
    if (!locked) throw new DomainError("not_found");
    if (locked.closedAt !== null) return;
    const [balance] = await getBalances(tx, [accountOfVault(locked)]);
    if (balance && balance.amountMinor > 0n) throw new DomainError("vault_not_empty");
    await closeVaultRow(tx, locked.id);
    await cancelUnlockNotice(tx, userId, locked);
  });
}
