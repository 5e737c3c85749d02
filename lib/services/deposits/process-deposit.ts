import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Money, money } from "@/lib/money/money";
import { getProvider } from "@/lib/providers/registry";
import { type Context, requireSystem } from "../context";
import { lockOperation } from "../operations/lock-operation";
import { askProvider } from "./ask-provider";

/** A deposit after its provider was asked. */
export interface ProcessedDeposit {
  amount: Money;
  provider: string;
  /** The operation's, now: `pending`, `succeeded`, `failed`, `expired`, `review`. */
  state: string;
  /** What the answer did: `credited`, `already_succeeded`, `status_pending` …; null when the provider can't be asked. */
  note: string | null;
  /** Where it can be paid, while it waits. */
  paymentUrl: string | null;
}

/**
 * Asks the provider how a deposit stands and credits it as a webhook would, whoever's it is: for the command line of
 * whoever runs the deployment. Throws `unauthenticated`, `not_found` (a reference that is no deposit's), ProviderError.
 */
export async function processDeposit(context: Context, reference: string): Promise<ProcessedDeposit> {
  requireSystem(context);
  const read = () => inTransaction(context.db, (tx) => lockOperation(tx, reference));
  const operation = await read();
  if (operation?.type !== "deposit" || operation.provider === null) throw new DomainError("not_found");
  const isDone = operation.state === "succeeded";
  const outcome = isDone ? null : await askProvider(context, getProvider(operation.provider), operation);
  const { state, paymentUrl } = (await read()) ?? operation;
  return {
    amount: money(operation.amountMinor, operation.currency),
    provider: operation.provider,
    state,
    note: isDone ? "already_succeeded" : (outcome?.note ?? null),
    paymentUrl,
  };
}
