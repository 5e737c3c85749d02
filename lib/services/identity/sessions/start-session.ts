import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Context } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { DEVICE_LENGTH_MAX, SESSION_IDLE_DAYS } from "./policy";
import { insertSession, lockPasswordHash } from "./store";

interface StartSession {
  isNewDevice?: boolean;
  /** What the typed password was compared with; absent where another way in was taken. */
  passwordHash?: string;
}

/**
 * A new session under a new id (never one that the browser brought along) for somebody who was authenticated. The user is told
 * when it `isNewDevice`: one on which they never signed in. Throws `invalid_credentials` when the password was replaced after it
 * was compared, so that no session outlives a recovery.
 */
export async function startSession(
  context: Context,
  userId: bigint,
  device: string,
  { isNewDevice = false, passwordHash }: StartSession = {},
): Promise<string> {
  return await inTransaction(context.db, async (tx) => {
    if (passwordHash !== undefined && (await lockPasswordHash(tx, userId)) !== passwordHash)
      throw new DomainError("invalid_credentials");
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
