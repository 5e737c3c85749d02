import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { ProviderStatus } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { latestOpenAttemptAt, lockOperation, type OperationRow, providerOf } from "../operations/operation";
import { type OperatorNote, recordDecision } from "../operations/record-decision";
import { closeEventsInReview } from "../provider-events/close-webhook";
import { LATE_ACCEPTANCE_MS } from "../withdrawals/policy";
import { canQueryPayouts } from "../withdrawals/query-payout";
import { refund, releaseConflict, settle, settleConflict } from "../withdrawals/settle";

export type Verdict = "paid" | "refunded";

/**
 * `contradicted`: the provider confirmed another status, and nothing was changed. `not_open`: the withdrawal isn't in a
 * state that an operator may resolve, or has changed meanwhile.
 */
export type Resolution =
  | { outcome: "resolved" }
  | { outcome: "contradicted"; confirmed: ProviderStatus }
  | { outcome: "not_open"; state: string };

/** The states that a withdrawal may be stuck in until an operator resolves it. */
const RESOLVABLE = new Set(["submitted", "unknown", "conflict"]);

/**
 * Ends a stuck withdrawal by an operator's verdict. Where its provider has a query, the provider is queried and must not
 * contradict. Throws `unauthenticated`, `not_found`, `insufficient_funds` (a conflict whose refund was spent), and
 * ProviderError when the provider can't answer just now.
 */
export async function resolveWithdrawal(
  context: Context,
  order: OperatorNote & { reference: string; verdict: Verdict },
): Promise<Resolution> {
  requireSystem(context);
  const { reference, verdict } = order;
  const seen = await inTransaction(context.db, (tx) => lockOperation(tx, reference));
  if (seen?.type !== "withdrawal") throw new DomainError("not_found");
  // The operator can't have meant a conflict that is younger than their verdict.
  const isNewer = seen.state === "conflict" && seen.updatedAt > context.now;
  if (!RESOLVABLE.has(seen.state) || isNewer) return { outcome: "not_open", state: seen.state };
  const confirmed = await queryStatus(seen);
  if (confirmed !== null && !(await agrees(context, seen, verdict, confirmed)))
    return { outcome: "contradicted", confirmed };
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, reference);
    // The provider or another operator was faster.
    if (operation?.state !== seen.state || operation.attempt !== seen.attempt) {
      return { outcome: "not_open", state: operation?.state ?? "" };
    }
    await carryOut(tx, context, operation, verdict);
    await closeEventsInReview(tx, { reference });
    const { operator, note } = order;
    await recordDecision(tx, reference, { operationId: operation.id, verdict, operator, note });
    return { outcome: "resolved" };
  });
}

/** Null when the provider has no query. */
async function queryStatus({
  provider: name,
  reference,
  providerReference,
}: OperationRow): Promise<ProviderStatus | null> {
  const provider = name === null ? null : findProvider(name);
  if (!provider || !canQueryPayouts(provider)) return null;
  return (await provider.getPayout?.(reference, providerReference))?.status ?? null;
}

async function agrees(
  context: Context,
  operation: OperationRow,
  verdict: Verdict,
  confirmed: ProviderStatus,
): Promise<boolean> {
  if (verdict === "paid")
    return confirmed === "succeeded" || (confirmed === "not_found" && isUnfindable(operation));
  if (confirmed !== "not_found") return confirmed === "failed" || confirmed === "reversed";
  // A payout that was accepted a moment ago may not be in the provider's books yet.
  const since = await latestOpenAttemptAt(context.db, operation.id);
  return since === null || context.now.getTime() - since.getTime() >= LATE_ACCEPTANCE_MS;
}

/** The answer was lost, and the provider takes no reference of ours: no query can find the payout. */
function isUnfindable(operation: OperationRow): boolean {
  return (
    operation.providerReference === null && providerOf(operation).capabilities.payoutsHaveNoReference === true
  );
}

async function carryOut(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  verdict: Verdict,
): Promise<void> {
  const isConflict = operation.state === "conflict";
  if (verdict === "paid") {
    return isConflict
      ? await settleConflict(tx, context, operation)
      : await settle(tx, context, operation, {});
  }
  return isConflict
    ? await releaseConflict(tx, context, operation)
    : await refund(tx, context, operation, "payout_failed");
}
