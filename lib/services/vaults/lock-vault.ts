import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { Context } from "../context";
import { findOwnVault, lockOwnVault } from "./find-own-vault";
import { type LockDateReason, parseLockDate } from "./lock-date";
import type { LockVault } from "./schema";
import { updateVaultRow } from "./store";
import { scheduleUnlockNotice } from "./unlock-notice";

/**
 * Locks a vault until a day, or until a later one than before: never closer, which a trigger enforces too. The same
 * day again changes nothing. Throws `not_found`, `validation_failed` about the field `lockedUntil`.
 */
export async function lockVault(context: Context, input: LockVault): Promise<void> {
  const own = await findOwnVault(context, input.vaultId);
  const date = parseLockDate(input.lockedUntil, context.now);
  if ("reason" in date) throw refuseLock(date.reason);
  const { lockedUntil } = date;
  await inTransaction(context.db, async (tx) => {
    const vault = await lockOwnVault(tx, own);
    requireLaterDate(vault, lockedUntil);
    const locked = await updateVaultRow(tx, vault.id, { lockedUntil });
    await scheduleUnlockNotice(tx, own.userId, locked);
  });
}

/** Throws unless the vault isn't locked yet, or until this instant at the latest. */
export function requireLaterDate(vault: { lockedUntil: Date | null }, until: Date): void {
  if (vault.lockedUntil && vault.lockedUntil > until) throw refuseLock("date_closer");
}

export function refuseLock(reason: LockDateReason | "date_closer"): DomainError {
  return new DomainError("validation_failed", { issues: [{ field: "lockedUntil", reason }] });
}
