import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { revokeOtherAccess } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";
import { liftMoneyOutLimit } from "@/lib/services/money-out-limits/limit-money-out";
import { lockUser } from "../../recovery/store";
import { checkPin } from "../check-pin";
import { endOpenReset } from "./store";

/**
 * "It wasn't me": the PIN stays what it was, money goes out with it as before, and all other sessions and tokens end. False when no new PIN
 * waits. Any session of the person may: it only ever keeps the old PIN. Throws `unauthenticated`.
 */
export async function cancelPinReset(context: Context): Promise<{ cancelled: boolean }> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return await inTransaction(context.db, async (tx) => {
    const cancelled = await undoReset(tx, actor.userId);
    const kept = { exceptSessionId: actor.sessionId, withKeys: false };
    if (cancelled) await revokeOtherAccess(tx, actor.userId, kept);
    return { cancelled };
  });
}

/** For somebody who remembers the old PIN: it stays. Throws what {@link checkPin} throws. */
export async function keepOldPin(
  context: Context,
  { pin }: { pin: string },
): Promise<{ cancelled: boolean }> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  await checkPin(context, pin);
  return await inTransaction(context.db, async (tx) => ({ cancelled: await undoReset(tx, actor.userId) }));
}

/** Ends a reset that waits, and its stop. False when there is none. */
export async function undoReset(tx: Transaction, userId: bigint): Promise<boolean> {
  await lockUser(tx, userId);
  const ended = await endOpenReset(tx, userId, "cancelled");
  if (ended) await liftMoneyOutLimit(tx, ended.limitId);
  return ended !== null;
}
