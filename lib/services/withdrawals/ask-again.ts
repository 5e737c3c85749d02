import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { lockOperation } from "../operations/lock-operation";
import { providerOf } from "../operations/provider-of";
import { enqueueJob } from "../outbox/enqueue-job";
import { canAskAboutPayouts } from "./ask-about-payout";

/**
 * Has the worker ask about a withdrawal whose outcome is unknown, or send it again where one reference pays once. False
 * when neither can be done: then only its webhook or a person decides. Throws `unauthenticated`, `not_found`.
 */
export async function askAgain(context: Context, operationId: bigint): Promise<boolean> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) => {
    const operation = await lockOperation(tx, operationId);
    if (!operation) throw new DomainError("not_found");
    if (operation.type !== "withdrawal" || operation.state !== "unknown") return false;
    const provider = providerOf(operation);
    if (!canAskAboutPayouts(provider) && !provider.capabilities.payoutReferenceIsIdempotent) return false;
    const payload = { operationId: operation.id.toString() };
    await enqueueJob(tx, "submit_withdrawal", payload, { key: `submit:${operation.id}` });
    return true;
  });
}
