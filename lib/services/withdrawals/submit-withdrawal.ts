import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { isConclusiveNo, type Provider, ProviderError } from "@/lib/providers/provider";
import { getProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { lockOperation, noteProviderReference } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { reasonOf } from "../operations/reasons";
import { moveOperation } from "../operations/record";
import { callbackUrlOf } from "../webhooks/callback-url";
import { applyPayout } from "./apply-payout";
import { SUBMISSION_STALE_MS } from "./policy";
import { refund } from "./settle";

/** `again`: nothing is decided yet, and another try later may decide it. */
export type Submission = "done" | "again";

/**
 * Hands a withdrawal to its provider. Safe to run twice, beside another worker, and after a crash at any line: the
 * attempt's number fences off late answers, and what may have been paid is never refunded, only asked about.
 */
export async function submitWithdrawal(context: Context, operationId: bigint): Promise<Submission> {
  const begun = await inTransaction(context.db, (tx) => begin(tx, context, operationId));
  if (begun === "done" || begun === "again") return begun;
  const provider = getProvider(begun.provider);
  if (begun.state === "unknown") return await ask(context, provider, begun);
  const answer = await callProvider(provider, begun);
  return await inTransaction(context.db, (tx) => record(tx, context, begun, answer));
}

/** Claims the next attempt; answers what there is to do with the operation. */
async function begin(tx: Transaction, context: Context, id: bigint): Promise<OperationRow | Submission> {
  const operation = await lockOperation(tx, id);
  if (!operation) return "done";
  const { capabilities } = getProvider(operation.provider);
  const attempt = operation.attempt + 1;
  switch (operation.state) {
    case "created":
      return await moveOperation(tx, context.actor, operation, { to: "submitting", patch: { attempt } });
    case "submitting": {
      const isStale = context.now.getTime() - operation.updatedAt.getTime() > SUBMISSION_STALE_MS;
      if (isStale)
        await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
      return "again";
    }
    case "unknown":
      if (capabilities.queriesPayouts) return operation;
      // Sent again only where one reference pays once; otherwise the webhook or an operator decides.
      if (!capabilities.payoutReferenceIsIdempotent) return "done";
      return await moveOperation(tx, context.actor, operation, { to: "submitting", patch: { attempt } });
    default:
      return "done";
  }
}

type Answer = { accepted: string } | { refused: ProviderError };

async function callProvider(provider: Provider, operation: OperationRow): Promise<Answer> {
  try {
    const { providerReference } = await provider.createPayout({
      reference: operation.reference,
      amount: { amountMinor: operation.amountMinor, currency: operation.currency },
      phone: operation.phone,
      method: operation.method,
      userId: operation.walletId.toString(),
      callbackUrl: callbackUrlOf(provider.name),
    });
    return { accepted: providerReference };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { reference, attempt } = operation;
    log.warn({ reference, attempt, kind: error.kind, code: error.providerCode }, "payout");
    return { refused: error };
  }
}

async function record(
  tx: Transaction,
  context: Context,
  begun: OperationRow,
  answer: Answer,
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
  if (isConclusiveNo(error)) {
    // It is sent again only where a reference is idempotent: an accepted one would have been answered with a yes.
    await refund(tx, context, operation, reasonOf(error));
    return "done";
  }
  switch (error.kind) {
    case "duplicate":
      await moveOperation(tx, context.actor, operation, { to: "submitted" });
      return "done";
    case "outcome_unknown":
      await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
      return "again";
    default:
      return await waitForProvider(tx, context, operation);
  }
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

async function ask(context: Context, provider: Provider, operation: OperationRow): Promise<Submission> {
  const { reference, providerReference } = operation;
  const state = await provider.getPayout?.(reference, providerReference);
  if (!state) return "again";
  const outcome = await inTransaction(context.db, (tx) =>
    applyPayout(tx, context, { ...state, provider: provider.name, reference, confirmed: true }),
  );
  return outcome.state === "processed" ? "done" : "again";
}
