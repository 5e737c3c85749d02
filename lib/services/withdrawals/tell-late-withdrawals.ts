import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { recordNotice } from "../notices/record-notice";
import { statesAwaiting } from "../operations/kinds";
import { LATE_AFTER_MS } from "./policy";
import { LATE_NOTICE_PREFIX, selectLateUntold } from "./store";

const BATCH_SIZE = 200;

/** Tells the owners of withdrawals that take longer than an hour, once each. Answers how many. Throws `unauthenticated`. */
export async function tellLateWithdrawals(context: Context): Promise<number> {
  requireSystem(context);
  const before = new Date(context.now.getTime() - LATE_AFTER_MS);
  return await inTransaction(context.db, async (tx) => {
    const late = await selectLateUntold(tx, statesAwaiting("provider", "withdrawal"), before, BATCH_SIZE);
    for (const { userId, operation } of late) {
      const { id, reference, amountMinor, currency } = operation;
      const details = { reference, amountMinor: amountMinor.toString(), currency };
      await recordNotice(tx, { userId, kind: "withdrawal_stuck", details, key: LATE_NOTICE_PREFIX + id });
    }
    return late.length;
  });
}
