import type { Transaction } from "@/db/client";
import { cancelNotice, scheduleNotice } from "../notices/schedule-notice";
import type { VaultRow } from "./store";

/** Has the owner told when the vault unlocks; nothing for one that was never locked. */
export async function scheduleUnlockNotice(
  tx: Transaction,
  userId: bigint,
  { id, name, lockedUntil }: VaultRow,
): Promise<void> {
  if (lockedUntil === null) return;
  const details = { vaultId: id.toString(), name };
  await scheduleNotice(tx, { userId, kind: "vault_unlocked", details, key: keyOf(id), dueAt: lockedUntil });
}

/** For a vault that is closed before its date. */
export async function cancelUnlockNotice(tx: Transaction, userId: bigint, { id }: VaultRow): Promise<void> {
  await cancelNotice(tx, userId, keyOf(id));
}

const keyOf = (vaultId: bigint): string => `vault_unlocked:${vaultId}`;
