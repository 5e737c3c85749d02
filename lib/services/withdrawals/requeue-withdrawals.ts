import { inTransaction } from "@/db/transaction";
import { getProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { listQuietOperations } from "../operations/lock-operation";
import { enqueueJob } from "../outbox/enqueue-job";

const OVERDUE_MS = 60_000;

/** Writes a job again for withdrawals that stand still: the second net below the outbox. Answers how many. */
export async function requeueWithdrawals(context: Context): Promise<number> {
  const quietSince = new Date(context.now.getTime() - OVERDUE_MS);
  const quiet = await listQuietOperations(context.db, ["created", "submitting", "unknown"], quietSince);
  // An unknown outcome that can be neither asked nor sent again waits for its webhook or an operator.
  const movable = quiet.filter(({ state, provider }) => {
    const { queriesPayouts, payoutReferenceIsIdempotent } = getProvider(provider).capabilities;
    return state !== "unknown" || queriesPayouts || payoutReferenceIsIdempotent;
  });
  await inTransaction(context.db, async (tx) => {
    for (const { id } of movable) {
      await enqueueJob(tx, "submit_withdrawal", { operationId: id.toString() }, { key: `submit:${id}` });
    }
  });
  return movable.length;
}
