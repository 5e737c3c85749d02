import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../../context";
import { STALE_AFTER_MS } from "../policy";
import { enqueueFile } from "./request-file";
import { deleteExpired, takeStale } from "./store";

/** A file may have some thousand chunks, which are deleted with it. */
const DELETED_AT_ONCE = 5;
const REQUEUED_AT_ONCE = 100;

/** Deletes files that are out of date, with their bytes. Answers how many. Throws `unauthenticated`. */
export async function clearStatementFiles(context: Context): Promise<number> {
  requireSystem(context);
  let cleared = 0;
  for (;;) {
    const deleted = await inTransaction(context.db, (tx) => deleteExpired(tx, DELETED_AT_ONCE));
    cleared += deleted;
    if (deleted < DELETED_AT_ONCE) return cleared;
  }
}

/** Writes the jobs of files again that nothing happened to for long. Answers how many. Throws `unauthenticated`. */
export async function requeueStatementFiles(context: Context): Promise<number> {
  requireSystem(context);
  const before = new Date(context.now.getTime() - STALE_AFTER_MS);
  return await inTransaction(context.db, async (tx) => {
    const stale = await takeStale(tx, before, REQUEUED_AT_ONCE);
    for (const fileId of stale) await enqueueFile(tx, fileId);
    return stale.length;
  });
}
