import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { completeReplacedJobs } from "./store";

/**
 * Ends jobs that were written again while they ran and then failed: their successors do what is left, and nobody need look
 * at them. Answers how many. Throws `unauthenticated`.
 */
export async function clearReplacedJobs(context: Context): Promise<number> {
  requireSystem(context);
  return await inTransaction(context.db, completeReplacedJobs);
}
