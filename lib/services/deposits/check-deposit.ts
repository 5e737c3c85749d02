import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type Money, money } from "@/lib/money/money";
import { type Provider, ProviderError } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { isCredited } from "../operations/kinds";
import { lockOperation, type OperationRow, providerOf, touchOperation } from "../operations/operation";
import { queryEventKey, type UpdateOutcome } from "../operations/provider-update";
import { enqueueJob } from "../outbox/enqueue-job";
import { applyCollection } from "./apply-collection";
import { QUERIED_FOR_MS, QUERY_PAUSE_MS } from "./policy";

/** A deposit after its provider was queried. */
export interface ProcessedDeposit {
  amount: Money;
  provider: string;
  /** The operation's state now: `pending`, `succeeded`, `failed`, `expired`, `review`. */
  state: string;
  /** The effect of the answer: `credited`, `already_succeeded`, `status_pending` …; null when the provider has no query. */
  note: string | null;
  /** The payment page of a deposit that is still open. */
  paymentUrl: string | null;
}

interface QueriedDeposit {
  outcome: UpdateOutcome;
  /** As it stands with the answer applied. */
  operation: OperationRow;
}

/** Whether this provider answers queries about deposits. */
export function canQueryDeposits(provider: Provider): boolean {
  return provider.capabilities.queriesCollections && provider.getCollection !== undefined;
}

/**
 * The worker's check of a pending, expired or cancelled deposit: a declined charge, for example, sends no webhook. When the
 * query fails, the sweep checks a pending deposit again, and its next job one of the others.
 */
export async function checkDeposit(context: Context, operationId: bigint): Promise<void> {
  const operation = await inTransaction(context.db, (tx) => lockOperation(tx, operationId));
  if (operation === null || (operation.state !== "pending" && !isGivenUp(operation))) return;
  const provider = operation.provider === null ? null : findProvider(operation.provider);
  if (!provider) return;
  const answer = await tryQuery(context, provider, operation);
  if (answer !== "failed" && answer?.outcome.state !== "ignored") return;
  await inTransaction(context.db, async (tx) => {
    if (isGivenUp(operation)) await scheduleDepositCheck(tx, context, operation);
    else if (answer !== "failed") await touchOperation(tx, operationId);
  });
}

/** Nobody waits for its payment, which may come all the same. */
function isGivenUp({ state, reason }: OperationRow): boolean {
  return state === "expired" || (state === "failed" && reason === "cancelled");
}

/**
 * Queries the provider and credits as a webhook would, whoever owns the deposit: an operator's command. Throws
 * `unauthenticated`, `not_found` (also for a reference of another kind of operation), ProviderError.
 */
export async function processDeposit(context: Context, reference: string): Promise<ProcessedDeposit> {
  requireSystem(context);
  const found = await inTransaction(context.db, (tx) => lockOperation(tx, reference));
  if (found?.type !== "deposit" || found.provider === null) throw new DomainError("not_found");
  const isDone = isCredited(found.state);
  const answer = isDone ? null : await queryDeposit(context, providerOf(found), found);
  const { state, paymentUrl } = answer?.operation ?? found;
  return {
    amount: money(found.amountMinor, found.currency),
    provider: found.provider,
    state,
    note: isDone ? "already_succeeded" : (answer?.outcome.note ?? null),
    paymentUrl,
  };
}

/**
 * Queries the provider about a deposit and applies the answer as a webhook's is applied. Null when the provider has no
 * query. Throws ProviderError when it can't answer just now.
 */
export async function queryDeposit(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<QueriedDeposit | null> {
  if (!canQueryDeposits(provider)) return null;
  const { reference, providerReference } = operation;
  const state = await provider.getCollection?.(reference, providerReference);
  if (!state) return null;
  const update = { ...state, provider: provider.name, reference, eventKey: queryEventKey(reference) };
  const answer = await inTransaction(context.db, async (tx) => {
    const outcome = await applyCollection(tx, context, update);
    return { outcome, operation: (await lockOperation(tx, operation.id)) ?? operation };
  });
  if (answer.outcome.state === "needs_review") {
    log.error({ reference, ...answer.outcome }, "deposit needs review");
  }
  return answer;
}

async function tryQuery(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<QueriedDeposit | "failed" | null> {
  try {
    return await queryDeposit(context, provider, operation);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ reference: operation.reference, kind: error.kind }, "deposit query failed");
    return "failed";
  }
}

/**
 * Writes the next check of an expired or cancelled deposit: it may still be paid, and its webhook be lost. The pauses grow with its age,
 * by a quarter of it; after QUERIED_FOR_MS there is no next check.
 */
export async function scheduleDepositCheck(
  tx: Transaction,
  { now }: Context,
  { id, createdAt }: OperationRow,
): Promise<void> {
  const ageMs = now.getTime() - createdAt.getTime();
  if (ageMs >= QUERIED_FOR_MS) return;
  await enqueueDepositCheck(tx, id, new Date(now.getTime() + Math.max(QUERY_PAUSE_MS, ageMs / 4)));
}

/** Has the worker check a deposit, at once or at `runAt`. An earlier check that still waits is replaced. */
export async function enqueueDepositCheck(tx: Transaction, id: bigint, runAt?: Date): Promise<void> {
  const options = { key: `check_deposit:${id}`, ...(runAt ? { runAt } : {}) };
  await enqueueJob(tx, "check_deposit", { operationId: id.toString() }, options);
}
