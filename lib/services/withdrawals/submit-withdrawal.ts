import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Provider, ProviderError } from "@/lib/providers/provider";
import { isStoppedFor } from "../back-office/payout-switch/is-stopped";
import type { Context } from "../context";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { providerOf } from "../operations/provider-of";
import { type Move, moveOperation } from "../operations/record";
import { callbackUrlOf } from "../provider-events/callback-url";
import { askAboutPayout, canAskAboutPayouts } from "./ask-about-payout";
import { bankOf } from "./bank-of";
import { SUBMISSION_STALE_MS } from "./policy";
import { type PayoutAnswer, recordAnswer, type Submission } from "./record-answer";

/** What people read while payouts are stopped. */
const PAUSED = "payouts_paused";

/**
 * Hands a withdrawal to its provider, or asks how it stands. Safe to run twice, beside another worker, and after a
 * crash at any line: the attempt's number fences off late answers, and what may have been paid is never refunded. While payouts
 * are stopped nothing is handed over; what was before is still asked about.
 */
export async function submitWithdrawal(context: Context, operationId: bigint): Promise<Submission> {
  const begun = await inTransaction(context.db, (tx) => begin(tx, context, operationId));
  if (begun === "done" || begun === "again") return begun;
  const provider = providerOf(begun);
  if (begun.state === "submitting") return await send(context, provider, begun);
  const known = await askAboutPayout(context, provider, begun);
  if (known !== "not_found") return known;
  const claimed = await inTransaction(context.db, (tx) => claimResend(tx, context, provider, begun));
  return typeof claimed === "string" ? claimed : await send(context, provider, claimed);
}

/** Claims the next attempt; answers what there is to do with the operation. */
async function begin(tx: Transaction, context: Context, id: bigint): Promise<OperationRow | Submission> {
  const operation = await lockOperation(tx, id);
  if (!operation) return "done";
  const provider = providerOf(operation);
  switch (operation.state) {
    case "created":
      if (!(await isStoppedFor(tx, provider.name))) return await beginAttempt(tx, context, operation);
      // It waits as it is, and the sweep hands it on when payouts are resumed.
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
      return canAskAboutPayouts(provider) ? operation : "done";
    case "unknown":
      if (canAskAboutPayouts(provider)) return operation;
      // Sent again only where one reference pays once; otherwise the webhook or an operator decides.
      if (!provider.capabilities.payoutReferenceIsIdempotent) return "done";
      return (await isStoppedFor(tx, provider.name)) ? "done" : await beginAttempt(tx, context, operation);
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
 * The provider doesn't know of it. Where one reference pays once it is sent again under the same: one that was accepted
 * all the same is answered as a duplicate. "Not found" alone is never a no.
 */
async function claimResend(
  tx: Transaction,
  context: Context,
  provider: Provider,
  asked: OperationRow,
): Promise<OperationRow | Submission> {
  const operation = await lockOperation(tx, asked.id);
  // Somebody else was faster: it isn't what was asked about any more.
  if (operation?.state !== asked.state || operation.attempt !== asked.attempt) return "done";
  if (!provider.capabilities.payoutReferenceIsIdempotent) return asked.state === "unknown" ? "again" : "done";
  if (asked.state === "unknown") {
    return (await isStoppedFor(tx, provider.name)) ? "done" : await beginAttempt(tx, context, operation);
  }
  log.error({ reference: asked.reference }, "an accepted payout isn't known to its provider");
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
    log.warn({ reference, attempt, kind: error.kind, code: error.providerCode }, "payout");
    return { refused: error };
  }
}
