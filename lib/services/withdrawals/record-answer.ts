import type { Transaction } from "@/db/client";
import { isConclusiveRefusal, type ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import {
  latestOpenAttemptAt,
  lockOperation,
  type OperationRow,
  providerOf,
  recordProviderReference,
} from "../operations/operation";
import { bindingOf } from "../operations/provider-update";
import { reasonOf } from "../operations/reasons";
import { moveOperation } from "../operations/record";
import { LATE_ACCEPTANCE_MS } from "./policy";
import { canQueryPayouts } from "./query-payout";
import { refund } from "./settle";

/** `again`: the outcome is still open, and another run of the job may settle it. */
export type Submission = "done" | "again";

/** The provider's answer to a payout call: its own reference, or the error. */
export type PayoutAnswer = { accepted: string } | { refused: ProviderError };

/** Records the provider's answer to the attempt `begun`, in the caller's transaction. */
export async function recordAnswer(
  tx: Transaction,
  context: Context,
  begun: OperationRow,
  answer: PayoutAnswer,
): Promise<Submission> {
  const operation = await lockOperation(tx, begun.id);
  if (!operation) return "done";
  const isCurrent = operation.state === "submitting" && operation.attempt === begun.attempt;
  if ("accepted" in answer) {
    const patch = bindingOf(operation, { providerReference: answer.accepted });
    if (isCurrent)
      await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null, patch });
    // A webhook came first, or another attempt is under way: they set the state, but the reference is still new.
    else if (patch.providerReference)
      await recordProviderReference(tx, operation, { providerReference: patch.providerReference });
    return "done";
  }
  return isCurrent ? await recordRefusal(tx, context, operation, answer.refused) : "done";
}

async function recordRefusal(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  error: ProviderError,
): Promise<Submission> {
  if (isConclusiveRefusal(error)) return await recordConclusiveRefusal(tx, context, operation, error);
  switch (error.kind) {
    case "duplicate":
      await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null });
      return "done";
    case "outcome_unknown":
      await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
      return "again";
    default:
      return await waitForProvider(tx, context, operation, error);
  }
}

/** Refunds, unless an earlier attempt may still be paid: then this answer says nothing about that one. */
async function recordConclusiveRefusal(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  error: ProviderError,
): Promise<Submission> {
  if (await mayStillAppear(tx, context, operation)) {
    await moveOperation(tx, context.actor, operation, { to: "unknown" });
    return "again";
  }
  await refund(tx, context, operation, reasonOf(error));
  return "done";
}

/**
 * Whether an earlier attempt may have been accepted although a query doesn't show it yet: for LATE_ACCEPTANCE_MS after the
 * latest attempt with an unknown outcome. A provider may refuse a second call before it looks at the reference (for example
 * when the recipient was closed meanwhile). One that can't be queried answers a reference that it accepted with `duplicate`.
 */
async function mayStillAppear(tx: Transaction, context: Context, operation: OperationRow): Promise<boolean> {
  if (operation.reason !== "outcome_unknown" || !canQueryPayouts(providerOf(operation))) return false;
  const since = await latestOpenAttemptAt(tx, operation.id);
  return since !== null && context.now.getTime() - since.getTime() < LATE_ACCEPTANCE_MS;
}

/** No float, too many requests, no connection: this attempt never reached the provider, and the next one may. */
async function waitForProvider(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  error: ProviderError,
): Promise<Submission> {
  const isOpen = operation.reason === "outcome_unknown";
  // What its owner reads meanwhile, and the operator, who has to fill up our account with the provider.
  const reason = error.kind === "insufficient_float" ? "insufficient_float" : "payout_waiting";
  await moveOperation(tx, context.actor, operation, isOpen ? { to: "unknown" } : { to: "created", reason });
  return "again";
}
