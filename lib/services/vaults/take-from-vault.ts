import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newReference } from "@/lib/ids";
import type { Context } from "../context";
import { claimKey } from "../idempotency/claim";
import { requireIdempotencyKey } from "../idempotency/key";
import { checkVaultAmount } from "./check-vault";
import { findOwnVault, lockOwnVault } from "./find-own-vault";
import { inputOf, postVaultOperation, toVaultReceipt, type VaultReceipt } from "./post-vault-operation";
import type { VaultMoney } from "./schema";

/**
 * Takes money out: vault → wallet available. Before the vault's date it throws `vault_locked` with `until`; the
 * database's clock decides, under the row lock that a new date would need. A replay of the same key answers the same
 * operation. Throws `not_found`, `validation_failed`, `insufficient_funds`, `idempotency_mismatch`.
 */
export async function takeFromVault(context: Context, input: VaultMoney): Promise<VaultReceipt> {
  const own = await findOwnVault(context, input.vaultId);
  requireIdempotencyKey(input.key);
  const amount = checkVaultAmount(input.amount, own.vault.currency);
  const reference = newReference();
  const type = "vault_withdrawal";
  const claim = { userId: own.userId, key: input.key, input: inputOf(type, own.vault, amount) };
  return await inTransaction(context.db, async (tx) => {
    const earlier = await claimKey(tx, { ...claim, reference });
    if (earlier) return toVaultReceipt(earlier, own.vault, true);
    const vault = await lockOwnVault(tx, own);
    if (vault.isLocked && vault.lockedUntil) {
      throw new DomainError("vault_locked", { until: vault.lockedUntil });
    }
    return await postVaultOperation(tx, context, vault, { type, reference, amount });
  });
}
