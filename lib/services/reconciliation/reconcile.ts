import { inTransaction } from "@/db/transaction";
import type { Provider } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { compareProvider } from "./compare-provider";
import { BREAKS_MAX } from "./policy";
import { recordFindings } from "./record-findings";
import { insertRun, selectOpenBreaks } from "./store";
import { canList } from "./their-book";
import { type Reconciliation, toBreakView } from "./view";

/**
 * Compares our book with each provider's over [from, to), now. Throws `unauthenticated`, and ProviderError when a
 * provider's book can't be read just now.
 */
export async function reconcile(
  context: Context,
  window: { from: Date; to: Date },
): Promise<Reconciliation[]> {
  requireSystem(context);
  const results: Reconciliation[] = [];
  for (const provider of listProviders()) results.push(await reconcileOne(context, provider, window));
  return results;
}

async function reconcileOne(
  context: Context,
  provider: Provider,
  window: { from: Date; to: Date },
): Promise<Reconciliation> {
  const nothing = { compared: 0, totals: [], undecided: 0, opened: 0, resolved: 0, breaks: [] };
  if (!canList(provider)) return { provider: provider.name, window, isListed: false, ...nothing };
  const findings = await compareProvider(context, provider, window);
  const values = {
    provider: provider.name,
    span: "manual",
    windowFrom: window.from,
    windowTo: window.to,
  } as const;
  const run = await inTransaction(context.db, (tx) => insertRun(tx, values));
  const written = await recordFindings(context, run, findings);
  const open = await selectOpenBreaks(context.db, provider.name, BREAKS_MAX);
  return {
    provider: provider.name,
    window,
    isListed: true,
    compared: findings.compared,
    totals: findings.totals,
    undecided: findings.undecided.size,
    ...written,
    breaks: open.map(toBreakView),
  };
}
