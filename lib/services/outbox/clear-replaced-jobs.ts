import { inTransaction } from "@/db/transaction";
import { type Context, requireSystem } from "../context";
import { completeReplacedJobs } from "./store";

/**
 * Completes jobs that were replaced while they ran and then failed: their successors do the work, so they are no dead
 * letters. Answers how many. Throws `unauthenticated`.
 */
export async function clearReplacedJobs(context: Context): Promise<number> {
  requireSystem(context);
  return await inTransaction(context.db, completeReplacedJobs);
}
