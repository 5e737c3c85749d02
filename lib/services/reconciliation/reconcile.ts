import { type Provider, ProviderError } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { compareProvider } from "./compare-provider";
import { BREAKS_MAX } from "./policy";
import { recordFindings } from "./record-findings";
import { selectOpenBreaks } from "./store";
import { canList } from "./their-book";
import { type Reconciliation, toBreakView } from "./view";

/** Compares our book with each provider's over [from, to), now. Throws `unauthenticated`. */
export async function reconcile(
  context: Context,
  window: { from: Date; to: Date },
): Promise<Reconciliation[]> {
  requireSystem(context);
  const results: Reconciliation[] = [];
  for (const provider of listProviders()) {
    const { name } = provider;
    const result = canList(provider) ? await compareOne(context, provider, window) : { isListed: false };
    const open = await selectOpenBreaks(context.db, name, BREAKS_MAX);
    results.push({ ...NOTHING, ...result, provider: name, window, breaks: open.map(toBreakView) });
  }
  return results;
}

type Result = Omit<Reconciliation, "provider" | "window" | "breaks">;

const NOTHING: Result = {
  isListed: true,
  problem: null,
  compared: 0,
  totals: [],
  undecided: 0,
  opened: 0,
  resolved: 0,
};

/** A provider that can't be reached doesn't keep the others from being compared. */
async function compareOne(
  context: Context,
  provider: Provider,
  window: { from: Date; to: Date },
): Promise<Partial<Result>> {
  try {
    const { compared, totals, undecided, ...findings } = await compareProvider(context, provider, window);
    const values = {
      provider: provider.name,
      span: "manual",
      windowFrom: window.from,
      windowTo: window.to,
    } as const;
    const written = await recordFindings(context, values, { ...findings, compared, totals, undecided });
    return { compared, totals, undecided: undecided.size, ...written };
  } catch (error) {
    if (error instanceof ProviderError) return { problem: error.kind };
    throw error;
  }
}
