import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { findProvider } from "@/lib/providers/registry";
import type { Context } from "../context";
import type { OperationView } from "../operations/view";
import { consume } from "../rate-limits/consume";
import { canQueryDeposits, enqueueDepositCheck } from "./check-deposit";

/**
 * Has the worker query the provider about a deposit that its owner, or a program with their key, is looking at: at most
 * once every few seconds, and only while it is open. `operation` was read as its owner. Answers whether a check was queued.
 */
export async function requestDepositCheck(
  context: Context,
  operation: Pick<OperationView, "id" | "type" | "status" | "provider">,
): Promise<boolean> {
  const { id, type, status, provider: name } = operation;
  if (type !== "deposit" || status !== "in_progress" || name === null) return false;
  const provider = findProvider(name);
  if (!provider || !canQueryDeposits(provider)) return false;
  try {
    await consume(context.db, "deposit_check", [id.toString()]);
  } catch (error) {
    if (error instanceof DomainError && error.code === "rate_limited") return false;
    throw error;
  }
  await inTransaction(context.db, (tx) => enqueueDepositCheck(tx, id));
  return true;
}
