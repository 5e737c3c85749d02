import { inTransaction } from "@/db/transaction";
import type { Provider } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import { isStoppedNow } from "../back-office/payout-switch/is-stopped";
import type { Context } from "../context";
import { listQuietOperations } from "../operations/lock-operation";
import type { OperationState } from "../operations/operation";
import { enqueueJob } from "../outbox/enqueue-job";
import { canAskAboutPayouts } from "./ask-about-payout";

const OVERDUE_MS = 60_000;

/** The states in which another job may move a withdrawal of this provider. */
function movableStates(provider: Provider, isStopped: boolean): OperationState[] {
  const states: OperationState[] = isStopped ? ["submitting"] : ["created", "submitting"];
  const canAsk = canAskAboutPayouts(provider);
  const canSendAgain = provider.capabilities.payoutReferenceIsIdempotent && !isStopped;
  // An unknown outcome that can be neither asked nor sent again waits for its webhook or an operator.
  if (canAsk || canSendAgain) states.push("unknown");
  // Its webhook may be lost.
  if (canAsk) states.push("submitted");
  return states;
}

/** Writes a job again for withdrawals that stand still: the second net below the outbox. Answers how many. */
export async function requeueWithdrawals(context: Context): Promise<number> {
  const quietSince = new Date(context.now.getTime() - OVERDUE_MS);
  let count = 0;
  for (const provider of listProviders()) {
    const isStopped = await isStoppedNow(context.db, provider.name);
    const quiet = await listQuietOperations(context.db, {
      states: movableStates(provider, isStopped),
      quietSince,
      providers: { in: [provider.name] },
    });
    await inTransaction(context.db, async (tx) => {
      for (const { id } of quiet) {
        await enqueueJob(tx, "submit_withdrawal", { operationId: id.toString() }, { key: `submit:${id}` });
      }
    });
    count += quiet.length;
  }
  return count;
}
