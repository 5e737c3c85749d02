import { inTransaction } from "@/db/transaction";
import { newReference } from "@/lib/ids";
import type { Context } from "../context";
import { claimKey } from "../idempotency/claim";
import { requireIdempotencyKey } from "../idempotency/key";
import { checkVaultAmount } from "./check-vault";
import { findOwnVault, lockOwnVault } from "./find-own-vault";
import { inputOf, postVaultOperation, toVaultReceipt, type VaultReceipt } from "./post-vault-operation";
import type { VaultMoney } from "./schema";

/**
 * Sets money apart: wallet available → vault, whether it is locked or not. A replay of the same key answers the same
 * operation. Throws `not_found` (also once the vault is closed), `validation_failed`, `insufficient_funds`,
 * `idempotency_mismatch`.
 */
export async function putIntoVault(context: Context, input: VaultMoney): Promise<VaultReceipt> {
  const own = await findOwnVault(context, input.vaultId);
  requireIdempotencyKey(input.key);
  const amount = checkVaultAmount(input.amount, own.vault.currency);
  const reference = newReference();
  const type = "vault_deposit";
  const claim = { userId: own.userId, key: input.key, input: inputOf(type, own.vault, amount) };
  return await inTransaction(context.db, async (tx) => {
    const earlier = await claimKey(tx, { ...claim, reference });
    if (earlier) return toVaultReceipt(earlier, own.vault, true);
    const vault = await lockOwnVault(tx, own);
    return await postVaultOperation(tx, context, vault, { type, reference, amount });
  });
}
