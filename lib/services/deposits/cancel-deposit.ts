import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireUser } from "../context";
import { lockOperation } from "../operations/operation";
import { moveOperation } from "../operations/record";
import { type OperationView, toOperationView } from "../operations/view";
import { walletOfUser } from "../wallets/get-wallet";
import { scheduleDepositCheck } from "./check-deposit";

const REFERENCE = /^[A-Z0-9-]{1,64}$/;

/**
 * Gives up an unpaid deposit, by its owner. One that isn't pending any more is answered as it stands: cancelling twice is
 * cancelling once. The provider isn't told, so a payment may still come: it is credited. Throws `unauthenticated`,
 * `not_found` for what doesn't exist and for what is somebody else's.
 */
export async function cancelDeposit(context: Context, reference: string): Promise<OperationView> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  return await inTransaction(context.db, async (tx) => {
    const operation = REFERENCE.test(reference) ? await lockOperation(tx, reference) : null;
    if (operation?.type !== "deposit" || operation.walletId !== wallet.id) throw new DomainError("not_found");
    if (operation.state !== "pending") return toOperationView(operation);
    const cancelled = await moveOperation(tx, context.actor, operation, {
      to: "failed",
      reason: "cancelled",
    });
    // Its webhook may be lost as any other's.
    await scheduleDepositCheck(tx, context, cancelled);
    return toOperationView(cancelled);
  });
}
