import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { type Context, requireSystem } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { endOpenReset, isResetDue, lockDueReset, writePin } from "./store";

/** For the job at the end of the wait. Does nothing when the reset was cancelled, or is done. Throws `unauthenticated`. */
export async function completePinReset(context: Context, userId: bigint): Promise<void> {
  requireSystem(context);
  await completeDueReset(context.db, userId);
}

/** The new PIN is the person's from the end of the wait on, whether the job has run or not: whoever checks a PIN calls this first. */
export async function completeDueReset(db: Database, userId: bigint): Promise<void> {
  if (!(await isResetDue(db, userId))) return;
  await inTransaction(db, async (tx) => {
    const due = await lockDueReset(tx, userId);
    if (!due) return;
    invariant(due.hash !== null, "a reset that waits has its PIN");
    await writePin(tx, userId, due.hash);
    await endOpenReset(tx, userId, "done");
    await recordNotice(tx, { userId, kind: "pin_reset_done", details: {}, key: `pin_reset_done:${due.id}` });
  });
}
