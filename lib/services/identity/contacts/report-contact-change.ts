import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { revokeSessions } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";
import { stopMoneyOut } from "@/lib/services/money-out-limits/limit-money-out";
import { endOpenReset } from "../pin/resets/store";
import { ALARM_STOP_HOURS } from "./alarm-policy";
import { findAlarm, useAlarm } from "./alarm-store";
import { hashOfToken } from "./alarm-token";
import type { ContactKind } from "./contact";

/** What the page of a link says: which contact was replaced, and whether the link was used. Null for a link that is over. */
export async function findContactAlarm(
  context: Context,
  token: string,
): Promise<{ contact: ContactKind; isUsed: boolean } | null> {
  const alarm = await findAlarm(context.db, hashOfToken(token));
  return alarm && { contact: alarm.contact, isUsed: alarm.usedAt !== null };
}

/**
 * "It wasn't me", from the phone or e-mail address that was replaced: nothing goes out of the wallet for three days, everybody is signed out, and
 * a new PIN that waits is dropped. It gives nobody a way in, since a number may be another person's by now. False when the link was used before.
 * Throws `not_found` for one that is over.
 */
export async function reportContactChange(context: Context, token: string): Promise<{ stopped: boolean }> {
  const tokenHash = hashOfToken(token);
  if (!(await findAlarm(context.db, tokenHash))) throw new DomainError("not_found");
  return await inTransaction(context.db, async (tx) => {
    const alarm = await useAlarm(tx, tokenHash);
    if (!alarm) return { stopped: false };
    const { userId } = alarm;
    await stopMoneyOut(tx, userId, { cause: "reported", hours: ALARM_STOP_HOURS });
    await endOpenReset(tx, userId, "cancelled");
    await revokeSessions(tx, userId);
    log.warn({ requestId: context.requestId, userId }, "a change of contact was reported as not the owner's");
    return { stopped: true };
  });
}
