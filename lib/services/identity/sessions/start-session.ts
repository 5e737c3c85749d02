import { inTransaction } from "@/db/transaction";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { DEVICE_LENGTH_MAX, SESSION_IDLE_DAYS } from "./policy";
import { insertSession } from "./store";

/**
 * A new session under a new id (never one that the browser brought along) for somebody who was authenticated. The user is told
 * when it `isNewDevice`: one on which they never signed in.
 */
export async function startSession(
  context: Context,
  userId: bigint,
  device: string,
  { isNewDevice = false }: { isNewDevice?: boolean } = {},
): Promise<string> {
  return await inTransaction(context.db, async (tx) => {
    const session = await insertSession(tx, {
      id: newKey(),
      userId,
      device: device.slice(0, DEVICE_LENGTH_MAX),
      idleDays: SESSION_IDLE_DAYS,
    });
    invariant(session, "an inserted session comes back");
    if (isNewDevice) {
      const details = { device: session.device };
      await recordNotice(tx, { userId, kind: "new_device", details, key: `session:${session.id}` });
    }
    return session.id;
  });
}
