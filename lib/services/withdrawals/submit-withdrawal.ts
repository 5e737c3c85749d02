import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Provider, ProviderError } from "@/lib/providers/provider";
import type { Context } from "../context";
import { callbackUrlOf } from "../operations/callback-url";
import { lockOperation, type OperationRow, providerOf } from "../operations/operation";
import { SUBMISSION_STALE_MS } from "../operations/policy";
import { type Move, moveOperation } from "../operations/record";
import { isPayoutStopped } from "../payout-switches/payout-switch";
import { canQueryPayouts, queryPayout } from "./query-payout";
import { type PayoutAnswer, recordAnswer, type Submission } from "./record-answer";
import { bankOf } from "./view";

/** The reason shown to people while payouts are stopped. */
const PAUSED = "payouts_paused";

/**
 * Submits a withdrawal to its provider, or queries how it stands. Safe to run twice, beside another worker, and after a
 * crash at any line: the attempt number fences off late answers, and a payout that may have been paid is never refunded.
 * While payouts are stopped nothing is submitted; queries go on.
 */
export async function submitWithdrawal(context: Context, operationId: bigint): Promise<Submission> {
  const begun = await inTransaction(context.db, (tx) => begin(tx, context, operationId));
  if (begun === "done" || begun === "again") return begun;
  const provider = providerOf(begun);
  if (begun.state === "submitting") return await send(context, provider, begun);
  const known = await queryPayout(context, provider, begun);
  if (known !== "not_found") return known;
  const claimed = await inTransaction(context.db, (tx) => claimResend(tx, context, provider, begun));
  return typeof claimed === "string" ? claimed : await send(context, provider, claimed);
}

/** Claims the next attempt where one is due. Answers the operation to submit or to query, or how this run ends. */
async function begin(tx: Transaction, context: Context, id: bigint): Promise<OperationRow | Submission> {
  const operation = await lockOperation(tx, id);
  if (!operation) return "done";
  const provider = providerOf(operation);
  switch (operation.state) {
    case "created":
      if (!(await isPayoutStopped(tx, provider.name))) return await beginAttempt(tx, context, operation);
      // The sweep writes its next job when payouts are resumed.
      if (operation.reason !== PAUSED)
        await moveOperation(tx, context.actor, operation, { to: "created", reason: PAUSED });
      return "done";
    case "submitting": {
      const isStale = context.now.getTime() - operation.updatedAt.getTime() > SUBMISSION_STALE_MS;
      if (isStale)
        await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
      return "again";
    }
    case "submitted":
      return canQueryPayouts(provider) ? operation : "done";
    case "unknown":
      if (canQueryPayouts(provider)) return operation;
      // Sent again only where one reference pays once; otherwise its webhook or an operator ends it.
      if (!provider.capabilities.payoutReferenceIsIdempotent) return "done";
      return (await isPayoutStopped(tx, provider.name)) ? "done" : await beginAttempt(tx, context, operation);
    default:
      return "done";
  }
}

async function beginAttempt(
  tx: Transaction,
  context: Context,
  operation: OperationRow,
): Promise<OperationRow> {
  const move: Move = { to: "submitting", patch: { attempt: operation.attempt + 1 } };
  if (operation.reason === PAUSED) move.reason = null;
  return await moveOperation(tx, context.actor, operation, move);
}

/**
 * The provider doesn't know the payout, which alone is never a refusal. Where one reference pays once it is sent again
 * under the same one: had it been accepted, the provider answers `duplicate`.
 */
async function claimResend(
  tx: Transaction,
  context: Context,
  provider: Provider,
  queried: OperationRow,
): Promise<OperationRow | Submission> {
  const operation = await lockOperation(tx, queried.id);
  // It has changed since the query.
  if (operation?.state !== queried.state || operation.attempt !== queried.attempt) return "done";
  if (!provider.capabilities.payoutReferenceIsIdempotent)
    return queried.state === "unknown" ? "again" : "done";
  if (queried.state === "unknown") {
    return (await isPayoutStopped(tx, provider.name)) ? "done" : await beginAttempt(tx, context, operation);
  }
  log.error({ reference: queried.reference }, "accepted payout is unknown to its provider");
  await moveOperation(tx, context.actor, operation, { to: "unknown", reason: "outcome_unknown" });
  return "again";
}

async function send(context: Context, provider: Provider, operation: OperationRow): Promise<Submission> {
  const answer = await callProvider(provider, operation);
  return await inTransaction(context.db, (tx) => recordAnswer(tx, context, operation, answer));
}

async function callProvider(provider: Provider, operation: OperationRow): Promise<PayoutAnswer> {
  const bank = bankOf(operation);
  try {
    const { providerReference } = await provider.createPayout({
      reference: operation.reference,
      amount: { amountMinor: operation.amountMinor, currency: operation.currency },
      phone: operation.phone ?? "",
      ...(bank ? { bank } : {}),
      method: operation.method ?? "",
      userId: operation.walletId.toString(),
      callbackUrl: callbackUrlOf(provider.name),
    });
    return { accepted: providerReference };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { reference, attempt } = operation;
    log.warn({ reference, attempt, kind: error.kind, code: error.providerCode }, "payout call failed");
    return { refused: error };
  }
}
