import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Provider } from "@/lib/providers/provider";
import type { Context } from "../context";
import type { OperationRow } from "../operations/operation";
import { applyCollection, type Outcome } from "./apply-collection";

/** Can this provider be asked how a deposit stands? */
export function canAskAboutDeposits(provider: Provider): boolean {
  return provider.capabilities.queriesCollections && provider.getCollection !== undefined;
}

/**
 * Asks the provider how a deposit stands and applies the answer as a webhook's is. Null when it can't be asked. Throws
 * ProviderError when it can't be asked just now.
 */
export async function askProvider(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<Outcome | null> {
  if (!canAskAboutDeposits(provider)) return null;
  const { reference, providerReference } = operation;
  const state = await provider.getCollection?.(reference, providerReference);
  if (!state) return null;
  const news = { ...state, provider: provider.name, reference, eventKey: `query:${reference}` };
  const outcome = await inTransaction(context.db, (tx) => applyCollection(tx, context, news));
  if (outcome.state === "needs_review") log.error({ reference, ...outcome }, "a deposit needs an operator");
  return outcome;
}
