import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Provider, ProviderError, type ProviderState } from "@/lib/providers/provider";
import type { Context } from "../context";
import { lockOperation, type OperationRow, touchOperation } from "../operations/operation";
import { bindingOf } from "../operations/provider-update";
import { moveOperation } from "../operations/record";
import { applyPayout } from "./apply-payout";

/** Whether this provider answers queries about payouts. */
export function canQueryPayouts(provider: Provider): boolean {
  return provider.capabilities.queriesPayouts && provider.getPayout !== undefined;
}

/**
 * Queries the provider about a withdrawal and applies the answer as a webhook's is applied. Answers `again` while the
 * outcome is unknown and worth another query soon, `not_found` where the caller has to say what that means. A withdrawal
 * that the provider has accepted is `done`: the sweep queries it until it ends.
 */
export async function queryPayout(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<"done" | "again" | "not_found"> {
  const { id, reference, providerReference } = operation;
  const unresolved = operation.state === "unknown" ? "again" : "done";
  // Whatever comes of it, the sweep takes the others first.
  await inTransaction(context.db, (tx) => touchOperation(tx, id));
  let state: ProviderState | undefined;
  try {
    state = await provider.getPayout?.(reference, providerReference);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ reference, kind: error.kind, code: error.providerCode }, "payout query failed");
  }
  if (!state) return unresolved;
  if (state.status === "not_found") return "not_found";
  if (state.status === "pending") return await recordAccepted(context, operation, state);
  const update = { ...state, provider: provider.name, reference, confirmed: true };
  const outcome = await inTransaction(context.db, (tx) => applyPayout(tx, context, update));
  if (outcome.state === "needs_review") log.error({ reference, ...outcome }, "withdrawal needs review");
  return outcome.state === "processed" ? "done" : unresolved;
}

/** The provider knows the payout, so the call with the unknown outcome had reached it. */
async function recordAccepted(
  context: Context,
  queried: OperationRow,
  state: ProviderState,
): Promise<"done"> {
  await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, queried.id);
    if (operation?.state !== "unknown" || operation.attempt !== queried.attempt) return;
    const patch = bindingOf(operation, state);
    await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null, patch });
  });
  return "done";
}
