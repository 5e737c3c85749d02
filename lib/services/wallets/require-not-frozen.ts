import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { lockFrozen, lockFrozenAt } from "./store";

/** Throws `wallet_frozen`. A freeze waits until the transaction ends: none is passed by. */
export async function requireNotFrozen(tx: Transaction, walletId: bigint): Promise<void> {
  if ((await lockFrozenAt(tx, walletId)) !== null) throw new DomainError("wallet_frozen");
}

/** Those of these wallets that are frozen; a freeze of any of them waits until the transaction ends. */
export async function lockFrozenWallets(
  tx: Transaction,
  walletIds: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  return new Set(await lockFrozen(tx, walletIds));
}
