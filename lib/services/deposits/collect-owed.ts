import { inTransaction } from "@/db/transaction";
import type { Context } from "../context";
import { repayOwed } from "../wallets/repay-owed";
import { selectDebtors } from "./store";

const BATCH_SIZE = 500;

/**
 * Has money that came in otherwise than by a deposit, a transfer for example, pay what its wallet owes for deposits that were
 * taken back. Answers how many wallets paid.
 */
export async function collectOwed(context: Context): Promise<number> {
  let paid = 0;
  for (const { walletId, currency } of await selectDebtors(context.db, BATCH_SIZE)) {
    const repayment = { walletId, currency, occurredAt: context.now };
    if (await inTransaction(context.db, (tx) => repayOwed(tx, repayment))) paid += 1;
  }
  return paid;
}
