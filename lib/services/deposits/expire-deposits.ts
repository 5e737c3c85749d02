import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Provider } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import { listQuietOperations, lockOperation, touchOperation } from "../operations/lock-operation";
import type { OperationRow } from "../operations/operation";
import { moveOperation } from "../operations/record";
import { askLater } from "./ask-later";
import { askProvider, canAskAboutDeposits } from "./ask-provider";
import { QUIET_MS } from "./policy";

/** A provider that couldn't be asked this often in a row is left alone until the next sweep. */
const FAILURES_MAX = 3;

/**
 * Goes through deposits that stay pending: asks the provider where it can be asked, and expires what is past its
 * time and still unpaid. Answers how many changed.
 */
export async function expireDeposits(context: Context): Promise<number> {
  const quietSince = new Date(context.now.getTime() - QUIET_MS);
  const asked = listProviders().filter(canAskAboutDeposits);
  let changed = 0;
  for (const provider of asked) changed += await askAbout(context, provider, quietSince);
  const silent = await listQuietOperations(context.db, {
    states: ["pending"],
    quietSince,
    providers: { notIn: asked.map(({ name }) => name) },
  });
  for (const operation of silent) if (await expire(context, operation, false)) changed += 1;
  return changed;
}

/** Each one's turn comes: what was looked at goes to the end of the line. */
async function askAbout(context: Context, provider: Provider, quietSince: Date): Promise<number> {
  const waiting = await listQuietOperations(context.db, {
    states: ["pending"],
    quietSince,
    providers: { in: [provider.name] },
  });
  let changed = 0;
  let failures = 0;
  for (const operation of waiting) {
    try {
      if (await look(context, provider, operation)) changed += 1;
      failures = 0;
    } catch (error) {
      // One that can't be asked just now keeps nobody else waiting.
      log.warn({ reference: operation.reference, err: error }, "a pending deposit could not be looked at");
      failures += 1;
      if (failures >= FAILURES_MAX) break;
    }
  }
  return changed;
}

async function look(context: Context, provider: Provider, operation: OperationRow): Promise<boolean> {
  await inTransaction(context.db, (tx) => touchOperation(tx, operation.id));
  const outcome = await askProvider(context, provider, operation);
  return outcome?.state === "processed" || (await expire(context, operation, true));
}

async function expire(context: Context, operation: OperationRow, canAsk: boolean): Promise<boolean> {
  if (!operation.expiresAt || operation.expiresAt > context.now) return false;
  return await inTransaction(context.db, async (tx) => {
    const locked = await lockOperation(tx, operation.id);
    if (locked?.state !== "pending") return false;
    const expired = await moveOperation(tx, context.actor, locked, { to: "expired", reason: "expired" });
    if (canAsk) await askLater(tx, context, expired);
    return true;
  });
}
