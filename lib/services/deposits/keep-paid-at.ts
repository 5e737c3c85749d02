import type { Transaction } from "@/db/client";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { insertDepositPayment } from "./store";

/**
 * Keeps when the payer of a deposit paid, as its provider stamped it, in the transaction that credits it. A clock that is wrong counts for no
 * more than the time between `since`, when the payment was asked for, and the credit.
 */
export async function keepPaidAt(
  tx: Transaction,
  { now }: Context,
  { id, walletId }: Pick<OperationRow, "id" | "walletId">,
  { stamp, since }: { stamp: Date; since: Date },
): Promise<void> {
  const earliest = stamp > since ? stamp : since;
  const paidAt = earliest < now ? earliest : now;
  await insertDepositPayment(tx, { operationId: id, walletId, paidAt, creditedAt: now });
}
