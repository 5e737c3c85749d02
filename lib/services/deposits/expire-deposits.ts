import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Context } from "../context";
import { listQuietOperations, lockOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { providerOf } from "../operations/provider-of";
import { moveOperation } from "../operations/record";
import { applyCollection } from "./apply-collection";

/** A collection is asked about after it stayed silent this long. */
const QUIET_MS = 60_000;

/**
 * Goes through deposits that stay pending: asks the provider where it can be asked, and expires what is past its
 * time and still unpaid. Answers how many changed.
 */
export async function expireDeposits(context: Context): Promise<number> {
  const quietSince = new Date(context.now.getTime() - QUIET_MS);
  const waiting = await listQuietOperations(context.db, ["pending"], quietSince);
  let changed = 0;
  for (const operation of waiting) {
    try {
      if ((await askProvider(context, operation)) || (await expire(context, operation))) changed += 1;
    } catch (error) {
      // One that can't be asked just now keeps nobody else waiting.
      log.warn({ reference: operation.reference, err: error }, "a pending deposit could not be looked at");
    }
  }
  return changed;
}

async function askProvider(context: Context, operation: OperationRow): Promise<boolean> {
  const provider = providerOf(operation);
  const { reference, providerReference } = operation;
  if (!provider.getCollection || !provider.capabilities.queriesCollections) return false;
  const state = await provider.getCollection(reference, providerReference);
  const outcome = await inTransaction(context.db, (tx) =>
    applyCollection(tx, context, {
      ...state,
      provider: provider.name,
      reference,
      eventKey: `query:${reference}`,
    }),
  );
  return outcome.state === "processed";
}

async function expire(context: Context, operation: OperationRow): Promise<boolean> {
  if (!operation.expiresAt || operation.expiresAt > context.now) return false;
  return await inTransaction(context.db, async (tx) => {
    const locked = await lockOperation(tx, operation.id);
    if (locked?.state !== "pending") return false;
    await moveOperation(tx, context.actor, locked, { to: "expired", reason: "expired" });
    return true;
  });
}
