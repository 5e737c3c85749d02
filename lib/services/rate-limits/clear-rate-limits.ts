import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { deleteEnded } from "./store";

/** Clocks of machines differ by less. */
const MARGIN_MS = 60 * 60_000;

/** Deletes counters whose time is over. Answers how many. Throws `unauthenticated`. */
export async function clearRateLimits(context: Context): Promise<number> {
  requireSystem(context);
  const before = new Date(context.now.getTime() - MARGIN_MS);
  return await inTransaction(context.db, (tx) => deleteEnded(tx, before));
}
