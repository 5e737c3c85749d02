import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { ProviderStatus } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import { type Decider, recordDecision } from "../back-office/decisions/record-decision";
import { type Context, requireSystem } from "../context";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { providerOf } from "../operations/provider-of";
import { unknownSince } from "../operations/unknown-since";
import { closeEventsInReview } from "../provider-events/close-events-in-review";
import { canAskAboutPayouts } from "./ask-about-payout";
import { LATE_ACCEPTANCE_MS } from "./policy";
import { refund, releaseConflict, settle, settleConflict } from "./settle";

export type Verdict = "paid" | "refunded";

/** What became of a decision: `contradicted` when the provider says otherwise, `not_open` when there is none to take. */
export type Decided =
  | { outcome: "decided" }
  | { outcome: "contradicted"; said: ProviderStatus }
  | { outcome: "not_open"; state: string };

/** States that may have no other way on than somebody's word. */
const OPEN = new Set(["submitted", "unknown", "conflict"]);

/**
 * An operator's word about a withdrawal that no machine of ours can bring to its end. Where its provider can be asked, it
 * is, and must not say otherwise. Throws `unauthenticated`, `not_found`, `insufficient_funds` (a conflict whose refund was
 * spent), and ProviderError when the provider can't be asked just now.
 */
export async function decideWithdrawal(
  context: Context,
  order: Decider & { reference: string; verdict: Verdict },
): Promise<Decided> {
  requireSystem(context);
  const { reference, verdict } = order;
  const seen = await inTransaction(context.db, (tx) => lockOperation(tx, reference));
  if (seen?.type !== "withdrawal") throw new DomainError("not_found");
  // A conflict that is younger than the decision isn't what was decided about: the provider's word came in between.
  const isNews = seen.state === "conflict" && seen.updatedAt > context.now;
  if (!OPEN.has(seen.state) || isNews) return { outcome: "not_open", state: seen.state };
  const said = await ask(seen);
  if (said !== null && !(await isBorneOut(context, seen, verdict, said)))
    return { outcome: "contradicted", said };
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, reference);
    // The provider, or somebody else, was faster.
    if (operation?.state !== seen.state || operation.attempt !== seen.attempt) {
      return { outcome: "not_open", state: operation?.state ?? "" };
    }
    await carryOut(tx, context, operation, verdict);
    await closeEventsInReview(tx, { reference });
    const { operator, note } = order;
    await recordDecision(tx, reference, { operationId: operation.id, verdict, operator, note });
    return { outcome: "decided" };
  });
}

/** Null when the provider can't be asked at all. */
async function ask({
  provider: name,
  reference,
  providerReference,
}: OperationRow): Promise<ProviderStatus | null> {
  const provider = name === null ? null : findProvider(name);
  if (!provider || !canAskAboutPayouts(provider)) return null;
  return (await provider.getPayout?.(reference, providerReference))?.status ?? null;
}

async function isBorneOut(
  context: Context,
  operation: OperationRow,
  verdict: Verdict,
  said: ProviderStatus,
): Promise<boolean> {
  if (verdict === "paid") return said === "succeeded" || (said === "not_found" && isNameless(operation));
  if (said !== "not_found") return said === "failed" || said === "reversed";
  // One that was accepted a moment ago may not be in its books yet.
  const since = await unknownSince(context.db, operation.id);
  return since === null || context.now.getTime() - since.getTime() >= LATE_ACCEPTANCE_MS;
}

/** Its answer was lost, and its provider knows no reference of ours: it can't find what neither of us has a name for. */
function isNameless(operation: OperationRow): boolean {
  return (
    operation.providerReference === null && providerOf(operation).capabilities.payoutsAreNameless === true
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
