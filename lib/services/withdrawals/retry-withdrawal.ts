import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { lockOperation, type OperationRow, providerOf } from "../operations/operation";
import { enqueueSubmission } from "./enqueue-submission";
import { canQueryPayouts } from "./query-payout";

/**
 * Has the worker query a withdrawal that waits for its provider, or send it again where the provider pays one reference
 * once. False when neither is possible: then only its webhook or an operator ends it. Throws `unauthenticated`, `not_found`.
 */
export async function retryWithdrawal(context: Context, operationId: bigint): Promise<boolean> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, operationId);
    if (!operation) throw new DomainError("not_found");
    if (operation.type !== "withdrawal" || !canBeTried(operation)) return false;
    await enqueueSubmission(tx, operation.id);
    return true;
  });
}

function canBeTried(operation: OperationRow): boolean {
  if (operation.state !== "unknown" && operation.state !== "submitted") return false;
  const provider = providerOf(operation);
  const maySendAgain = operation.state === "unknown" && provider.capabilities.payoutReferenceIsIdempotent;
  return canQueryPayouts(provider) || maySendAgain;
}
