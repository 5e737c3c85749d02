import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Provider, ProviderError, type ProviderState } from "@/lib/providers/provider";
import type { Context } from "../context";
import { lockOperation, touchOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { moveOperation } from "../operations/record";
import { applyPayout } from "./apply-payout";

/** Can this provider be asked how a withdrawal stands? */
export function canAskAboutPayouts(provider: Provider): boolean {
  return provider.capabilities.queriesPayouts && provider.getPayout !== undefined;
}

/**
 * Asks the provider how a withdrawal stands and applies the answer as a webhook's is. `again` while it is worth asking
 * soon; one that was accepted is the sweep's to ask about, and `not_found` is the caller's to decide about.
 */
export async function askAboutPayout(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<"done" | "again" | "not_found"> {
  const { id, reference, providerReference } = operation;
  const soon = operation.state === "unknown" ? "again" : "done";
  // The sweep turns to the others first, whatever comes of this.
  await inTransaction(context.db, (tx) => touchOperation(tx, id));
  let state: ProviderState | undefined;
  try {
    state = await provider.getPayout?.(reference, providerReference);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ reference, kind: error.kind, code: error.providerCode }, "payout could not be asked about");
  }
  if (!state) return soon;
  if (state.status === "not_found") return "not_found";
  if (state.status === "pending") return await noteAccepted(context, operation, state);
  const news = { ...state, provider: provider.name, reference, confirmed: true };
  const outcome = await inTransaction(context.db, (tx) => applyPayout(tx, context, news));
  if (outcome.state === "needs_review")
    log.error({ reference, ...outcome }, "a withdrawal needs an operator");
  return outcome.state === "processed" ? "done" : soon;
}

/** The provider has it, so the call that we know no outcome of had reached it. */
async function noteAccepted(context: Context, asked: OperationRow, state: ProviderState): Promise<"done"> {
  await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, asked.id);
    if (operation?.state !== "unknown" || operation.attempt !== asked.attempt) return;
    const { providerReference } = state;
    const patch = operation.providerReference === null && providerReference ? { providerReference } : {};
    await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null, patch });
  });
  return "done";
}
