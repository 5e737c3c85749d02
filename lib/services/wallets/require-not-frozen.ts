import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { lockFrozenAt } from "./store";

/** Throws `wallet_frozen`. A freeze waits until the transaction ends: none is passed by. */
export async function requireNotFrozen(tx: Transaction, walletId: bigint): Promise<void> {
  if ((await lockFrozenAt(tx, walletId)) !== null) throw new DomainError("wallet_frozen");
}
