import type { Transaction } from "@/db/client";
import { isConclusiveNo, type ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import { lockOperation, noteProviderReference } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { providerOf } from "../operations/provider-of";
import { reasonOf } from "../operations/reasons";
import { moveOperation } from "../operations/record";
import { unknownSince } from "../operations/unknown-since";
import { canAskAboutPayouts } from "./ask-about-payout";
import { LATE_ACCEPTANCE_MS } from "./policy";
import { refund } from "./settle";

/** `again`: nothing is decided yet, and another try soon may decide it. */
export type Submission = "done" | "again";

/** What became of a call: the provider's own reference, or why not. */
export type PayoutAnswer = { accepted: string } | { refused: ProviderError };

/** Writes down what the provider answered to the attempt `begun`, in the caller's transaction. */
export async function recordAnswer(
  tx: Transaction,
  context: Context,
  begun: OperationRow,
  answer: PayoutAnswer,
): Promise<Submission> {
  const operation = await lockOperation(tx, begun.id);
  if (!operation) return "done";
  const isOurs = operation.state === "submitting" && operation.attempt === begun.attempt;
  if ("accepted" in answer) {
    const patch = operation.providerReference === null ? { providerReference: answer.accepted } : {};
    if (isOurs) await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null, patch });
    // The webhook was faster, or another attempt is under way: only the reference is news.
    else if (patch.providerReference) await noteProviderReference(tx, operation, patch);
    return "done";
  }
  return isOurs ? await recordRefusal(tx, context, operation, answer.refused) : "done";
}

async function recordRefusal(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
  error: ProviderError,
): Promise<Submission> {
  if (isConclusiveNo(error) && !(await mayStillAppear(tx, context, operation))) {
    // It is sent again only where a reference is idempotent: an accepted one would have been answered with a yes.
    await refund(tx, context, operation, reasonOf(error));
    return "done";
  }
  switch (error.kind) {
    case "duplicate":
      await moveOperation(tx, context.actor, operation, { to: "submitted", reason: null });
      return "done";
    case "declined":
    case "invalid_destination":
    case "outcome_unknown":
      await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
      return "again";
    default:
      return await waitForProvider(tx, context, operation);
  }
}

/**
 * An earlier attempt may have been accepted though a query doesn't show it yet. A provider may refuse the second one
 * before it looks at the reference (the recipient was closed meanwhile), so such a no proves nothing for a while.
 */
async function mayStillAppear(tx: Transaction, context: Context, operation: OperationRow): Promise<boolean> {
  if (operation.reason !== "outcome_unknown" || !canAskAboutPayouts(providerOf(operation))) return false;
  const since = await unknownSince(tx, operation.id);
  return since !== null && context.now.getTime() - since.getTime() < LATE_ACCEPTANCE_MS;
}

/** No float, too many requests, no connection: this attempt reached nobody, and the next one may. */
async function waitForProvider(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
): Promise<Submission> {
  const to = operation.reason === "outcome_unknown" ? "unknown" : "created";
  await moveOperation(tx, context.actor, operation, { to });
  return "again";
}
