import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { KEPT_FOR_MS } from "./policy";
import { deleteOld, expireMessages } from "./store";

const DELETED_AT_ONCE = 5_000;

/** Blanks the texts of expired messages, and deletes what is older than it is kept for. Answers how many. Throws `unauthenticated`. */
export async function clearMessages(context: Context): Promise<number> {
  requireSystem(context);
  const before = new Date(context.now.getTime() - KEPT_FOR_MS);
  return await inTransaction(context.db, async (tx) => {
    const expired = await expireMessages(tx, context.now);
    return expired + (await deleteOld(tx, before, DELETED_AT_ONCE));
  });
}
