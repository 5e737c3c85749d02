import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import { lockOperation, touchOperation } from "../operations/lock-operation";
import { askProvider } from "./ask-provider";

/**
 * Asks the provider about a pending deposit that somebody waits for: a charge that was declined sends no webhook.
 * One that can't be asked just now is asked again when somebody looks, or by the sweep.
 */
export async function checkDeposit(context: Context, operationId: bigint): Promise<void> {
  const operation = await inTransaction(context.db, (tx) => lockOperation(tx, operationId));
  if (operation?.state !== "pending" || operation.provider === null) return;
  const provider = findProvider(operation.provider);
  if (!provider) return;
  try {
    const outcome = await askProvider(context, provider, operation);
    if (outcome?.state === "ignored") {
      await inTransaction(context.db, (tx) => touchOperation(tx, operationId));
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn({ reference: operation.reference, kind: error.kind }, "a deposit could not be asked about");
  }
}
