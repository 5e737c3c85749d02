import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { DEVICE_LENGTH_MAX, SESSION_IDLE_DAYS } from "./policy";
import { insertSession } from "./store";

/** A new session under a new id (never one that the browser brought along) for somebody who was authenticated. */
export async function startSession(context: Context, userId: bigint, device: string): Promise<string> {
  return await inTransaction(context.db, async (tx) => {
    const session = await insertSession(tx, {
      id: newKey(),
      userId,
      device: device.slice(0, DEVICE_LENGTH_MAX),
      idleDays: SESSION_IDLE_DAYS,
    });
    invariant(session, "an inserted session comes back");
    return session.id;
  });
}
