import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requireSystem } from "../context";
import { reviveJob } from "./store";

/**
 * Runs a dead job again, with all attempts back. Throws `unauthenticated`, and `not_found` for a job that doesn't exist or
 * has attempts left.
 */
export async function retryJob(context: Context, jobId: bigint): Promise<void> {
  requireSystem(context);
  await inTransaction(context.db, async (tx) => {
    if (!(await reviveJob(tx, jobId))) throw new DomainError("not_found");
  });
}
