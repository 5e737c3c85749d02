import { inTransaction } from "@/db/transaction";
import { listProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import { enqueueJob } from "../outbox/enqueue-job";
import { GRACE_MS, SPANS } from "./policy";
import { findNewestRun, insertRun } from "./store";
import { canList } from "./their-book";

type Span = keyof typeof SPANS;

/** Records the comparisons that are due, hourly and daily, each with its job. Answers how many. */
export async function scheduleReconciliations(context: Context): Promise<number> {
  let count = 0;
  for (const { name } of listProviders().filter(canList)) {
    for (const span of Object.keys(SPANS) as Span[]) {
      if (await schedule(context, name, span)) count += 1;
    }
  }
  return count;
}

async function schedule(context: Context, provider: string, span: Span): Promise<boolean> {
  const { everyMs, lookBackMs } = SPANS[span];
  const newest = await findNewestRun(context.db, provider, span);
  if (newest && context.now.getTime() - newest.getTime() < everyMs) return false;
  const windowTo = new Date(context.now.getTime() - GRACE_MS);
  const windowFrom = new Date(windowTo.getTime() - lookBackMs);
  await inTransaction(context.db, async (tx) => {
    const run = await insertRun(tx, { provider, span, windowFrom, windowTo });
    await enqueueJob(tx, "reconcile", { runId: run.id.toString() }, { key: `reconcile:${run.id}` });
  });
  return true;
}
