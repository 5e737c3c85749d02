import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { reviveJob } from "./store";

/**
 * Gives a job that used up its attempts all of them anew, from now on. Throws `unauthenticated`, and `not_found` for a job
 * that doesn't exist or isn't used up.
 */
export async function retryJob(context: Context, jobId: bigint): Promise<void> {
  requireSystem(context);
  await inTransaction(context.db, async (tx) => {
    if (!(await reviveJob(tx, jobId))) throw new DomainError("not_found");
  });
}
