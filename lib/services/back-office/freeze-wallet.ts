import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { isWalletNumber, newKey } from "@/lib/ids";
import { log } from "@/lib/log";
import { type Context, requireSystem } from "../context";
import { recordNotice } from "../notices/record-notice";
import type { OperatorNote } from "../operations/record-decision";
import { insertFreeze, lockWalletByNumber, setFrozenAt } from "./store";

export interface FreezeOrder extends OperatorNote {
  walletNumber: string;
}

/**
 * Freezes a wallet, or ends that: while it is frozen money comes in, and transfers and withdrawals are refused with
 * `wallet_frozen`. What was under way before goes on. False when it was so before: then nothing is recorded. Throws
 * `unauthenticated`, `not_found`.
 */
export async function setWalletFrozen(
  context: Context,
  { walletNumber, operator, note }: FreezeOrder,
  frozen: boolean,
): Promise<boolean> {
  requireSystem(context);
  if (!isWalletNumber(walletNumber)) throw new DomainError("not_found");
  const isNew = await inTransaction(context.db, async (tx) => {
    const wallet = await lockWalletByNumber(tx, walletNumber);
    if (!wallet) throw new DomainError("not_found");
    if ((wallet.frozenAt !== null) === frozen) return false;
    await setFrozenAt(tx, wallet.id, frozen);
    await insertFreeze(tx, { walletId: wallet.id, frozen, operator, note });
    await recordNotice(tx, {
      userId: wallet.userId,
      kind: frozen ? "wallet_frozen" : "wallet_unfrozen",
      details: {},
      key: `freeze:${newKey()}`,
    });
    return true;
  });
  if (isNew) log.warn({ walletNumber, frozen, operator }, "wallet freeze changed");
  return isNew;
}
