import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { checkVault } from "./check-vault";
import { findOwnVault, lockOwnVault } from "./find-own-vault";
import type { UpdateVault } from "./schema";
import { updateVaultRow } from "./store";
import { scheduleUnlockNotice } from "./unlock-notice";

/** Gives a vault another name and another goal, or none. Throws `not_found`, `validation_failed`. */
export async function updateVault(context: Context, input: UpdateVault): Promise<void> {
  const own = await findOwnVault(context, input.vaultId);
  const typed = { name: input.name, goal: input.goal };
  const { name, goalMinor } = checkVault(typed, own.vault.currency, context.now);
  await inTransaction(context.db, async (tx) => {
    const vault = await lockOwnVault(tx, own);
    const updated = await updateVaultRow(tx, vault.id, { name, goalMinor });
    if (updated.isLocked) await scheduleUnlockNotice(tx, own.userId, updated);
  });
}
