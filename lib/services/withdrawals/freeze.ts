import type { Transaction } from "@/db/client";
import { draftFreeze } from "@/lib/ledger/draft";
import { postEntries } from "@/lib/ledger/post";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { moveOperation } from "../operations/record";

/**
 * A payout was heard of as paid after we had refunded it: the refunded sum goes back to held, if it is still there,
 * and the operation waits for an operator. Never a silent second debit.
 */
export async function freeze(tx: Transaction, context: Context, operation: OperationRow): Promise<void> {
  const { reference, walletId, provider, currency, amountMinor, feeMinor } = operation;
  const [verdict] = await postEntries(tx, [
    draftFreeze({
      reference,
      walletId,
      provider,
      occurredAt: context.now,
      amount: money(amountMinor, currency),
      fee: money(feeMinor, currency),
    }),
  ]);
  const reason = verdict?.verdict === "posted" ? "paid_after_refund" : "paid_after_refund_spent";
  await moveOperation(tx, context.actor, operation, { to: "conflict", reason });
}
