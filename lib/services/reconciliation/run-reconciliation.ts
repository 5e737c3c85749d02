import { findProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { compareProvider } from "./compare-provider";
import { recordFindings } from "./record-findings";
import { findRun } from "./store";
import { canList } from "./their-book";

/**
 * Runs a scheduled comparison, once, however often its job runs. Throws `unauthenticated`, and ProviderError when the
 * provider's book can't be read: the job tries again.
 */
export async function runReconciliation(context: Context, runId: bigint): Promise<void> {
  requireSystem(context);
  const run = await findRun(context.db, runId);
  const provider = run && findProvider(run.provider);
  if (!run || run.finishedAt !== null || !provider || !canList(provider)) return;
  const window = { from: run.windowFrom, to: run.windowTo };
  await recordFindings(context, run, await compareProvider(context, provider, window));
}
