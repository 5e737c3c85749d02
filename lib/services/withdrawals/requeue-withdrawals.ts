import { inTransaction } from "@/db/transaction";
import type { Provider } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import type { OperationState } from "../operations/operation";
import { STALE_AFTER_MS } from "../operations/policy";
import { isPayoutStoppedNow } from "../payout-switches/payout-switch";
import { enqueueSubmission } from "./enqueue-submission";
import { canQueryPayouts } from "./query-payout";
import { type StaleFilter, selectStaleWithoutJob } from "./store";

const BATCH_SIZE = 200;

/** The states in which another job may move a withdrawal of this provider. */
function movableStates(provider: Provider, isStopped: boolean): OperationState[] {
  const states: OperationState[] = isStopped ? ["submitting"] : ["created", "submitting"];
  const canQuery = canQueryPayouts(provider);
  const canSendAgain = provider.capabilities.payoutReferenceIsIdempotent && !isStopped;
  // An unknown outcome that can be neither queried nor sent again waits for its webhook or an operator.
  if (canQuery || canSendAgain) states.push("unknown");
  // Its webhook may be lost.
  if (canQuery) states.push("submitted");
  return states;
}

/**
 * Writes a job for every stale withdrawal that has none, in case one was lost. A job that exists is left alone, so that
 * its back-off continues and a job without attempts stays a dead letter. Answers how many.
 */
export async function requeueWithdrawals(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - STALE_AFTER_MS);
  let count = 0;
  for (const provider of listProviders()) {
    const isStopped = await isPayoutStoppedNow(context.db, provider.name);
    const states = movableStates(provider, isStopped);
    count += await requeueAll(context, { provider: provider.name, states, before });
  }
  return count;
}

async function requeueAll({ db }: Context, filter: StaleFilter): Promise<number> {
  let count = 0;
  let afterId = 0n;
  for (;;) {
    const ids = await inTransaction(db, async (tx) => {
      const batch = await selectStaleWithoutJob(tx, filter, { afterId, limit: BATCH_SIZE });
      for (const id of batch) await enqueueSubmission(tx, id);
      return batch;
    });
    count += ids.length;
    const last = ids.at(-1);
    if (last === undefined || ids.length < BATCH_SIZE) return count;
    afterId = last;
  }
}
