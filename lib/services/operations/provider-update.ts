import { config } from "@/lib/config";
import type { ProviderState } from "@/lib/providers/provider";
import type { OperationRow } from "./store";

/** How a collection or a payout stands, as its provider says in a webhook or in an answer to a query. */
export interface ProviderUpdate extends ProviderState {
  provider: string;
  /** Our reference; null when the provider names none. */
  reference: string | null;
}

/** The effect of a provider update; one in `needs_review` waits for an operator. */
export type UpdateOutcome = { state: "processed" | "ignored" | "needs_review"; note: string };

export const processed = (note: string): UpdateOutcome => ({ state: "processed", note });
export const ignored = (note: string): UpdateOutcome => ({ state: "ignored", note });
export const needsReview = (note: string): UpdateOutcome => ({ state: "needs_review", note });

/** Names the ledger entry of money in suspense by the update that reported it; read by findMoneySource. */
export const suspenseSource = (provider: string, eventKey: string) => `${provider}:${eventKey}`;

/** The event key of an answer to our own query, which has no webhook event. */
export const queryEventKey = (reference: string) => `query:${reference}`;

/** Test money on a live deployment, or live money on a test one: neither is booked. A provider need not say which it is. */
export function isOtherMode(update: Pick<ProviderState, "live">): boolean {
  return update.live !== null && update.live !== (config().mode === "production");
}

/** The update is about another transaction of the provider than the one that the operation is bound to. */
export function isOtherTransaction(operation: OperationRow, update: ProviderUpdate): boolean {
  const { providerReference } = operation;
  return (
    providerReference !== null &&
    update.providerReference !== null &&
    providerReference !== update.providerReference
  );
}

/** Binds the provider's reference to an operation that has none yet: a patch for moveOperation. */
export function bindingOf(
  operation: OperationRow,
  update: Pick<ProviderState, "providerReference">,
): { providerReference?: string } {
  return operation.providerReference === null && update.providerReference !== null
    ? { providerReference: update.providerReference }
    : {};
}
