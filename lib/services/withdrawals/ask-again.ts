import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { providerOf } from "../operations/provider-of";
import { enqueueJob } from "../outbox/enqueue-job";
import { canAskAboutPayouts } from "./ask-about-payout";

/**
 * Has the worker ask about a withdrawal that waits for an answer, or send it again where one reference pays once. False
 * when neither can be done: then only its webhook or a person decides. Throws `unauthenticated`, `not_found`.
 */
export async function askAgain(context: Context, operationId: bigint): Promise<boolean> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, operationId);
    if (!operation) throw new DomainError("not_found");
    if (operation.type !== "withdrawal" || !canBeTried(operation)) return false;
    const payload = { operationId: operation.id.toString() };
    await enqueueJob(tx, "submit_withdrawal", payload, { key: `submit:${operation.id}` });
    return true;
  });
}

function canBeTried(operation: OperationRow): boolean {
  if (operation.state !== "unknown" && operation.state !== "submitted") return false;
  const provider = providerOf(operation);
  const maySendAgain = operation.state === "unknown" && provider.capabilities.payoutReferenceIsIdempotent;
  return canAskAboutPayouts(provider) || maySendAgain;
}
