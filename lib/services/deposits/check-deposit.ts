import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { type Provider, ProviderError } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { lockOperation, touchOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import type { Outcome } from "./apply-collection";
import { askLater } from "./ask-later";
import { askProvider } from "./ask-provider";

/**
 * Asks the provider about a pending deposit that somebody waits for: a charge that was declined sends no webhook. One
 * that can't be asked just now is asked again when somebody looks, or by the sweep; one that is expired, later by itself.
 */
export async function checkDeposit(context: Context, operationId: bigint): Promise<void> {
  const operation = await inTransaction(context.db, (tx) => lockOperation(tx, operationId));
  if (operation?.state !== "pending" && operation?.state !== "expired") return;
  const provider = operation.provider === null ? null : findProvider(operation.provider);
  if (!provider) return;
  const outcome = await ask(context, provider, operation);
  if (outcome !== "unasked" && outcome?.state !== "ignored") return;
  await inTransaction(context.db, async (tx) => {
    if (operation.state === "expired") await askLater(tx, context, operation);
    else if (outcome !== "unasked") await touchOperation(tx, operationId);
  });
}

async function ask(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<Outcome | "unasked" | null> {
  try {
    return await askProvider(context, provider, operation);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ reference: operation.reference, kind: error.kind }, "a deposit could not be asked about");
    return "unasked";
  }
}
