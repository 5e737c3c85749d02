import { inTransaction } from "@/db/transaction";
import { log } from "@/lib/log";
import type { Provider } from "@/lib/providers/provider";
import { listProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import { lockOperation, type OperationRow, touchOperation } from "../operations/operation";
import { STALE_AFTER_MS } from "../operations/policy";
import { moveOperation } from "../operations/record";
import { canQueryDeposits, queryDeposit, scheduleDepositCheck } from "./check-deposit";
import { type StaleCursor, selectStalePending } from "./store";

const BATCH_SIZE = 200;

/** After this many failed queries in a row a provider is left alone until the next sweep. */
const FAILURES_MAX = 3;

/**
 * Goes through stale pending deposits: queries the provider where it has a query, and expires what is unpaid past its
 * time. Answers how many changed.
 */
export async function expireDeposits(context: Context): Promise<number> {
  const before = new Date(context.now.getTime() - STALE_AFTER_MS);
  const queried = listProviders().filter(canQueryDeposits);
  let changed = 0;
  for (const provider of queried) changed += await queryStale(context, provider, before);
  return changed + (await expireUnqueried(context, { before, queried: queried.map(({ name }) => name) }));
}

/**
 * Queries the provider about one batch, so that a slow provider doesn't hold up the other sweeps. The least recently
 * updated come first, and a query updates its deposit: so all are queried in turn.
 */
async function queryStale(context: Context, provider: Provider, before: Date): Promise<number> {
  const filter = { before, providers: { in: [provider.name] } };
  const { rows } = await selectStalePending(context.db, filter, { after: null, limit: BATCH_SIZE });
  let changed = 0;
  let failures = 0;
  for (const operation of rows) {
    try {
      if (await queryOrExpire(context, provider, operation)) changed += 1;
      failures = 0;
    } catch (error) {
      // A failed query doesn't keep the other deposits from theirs.
      log.warn({ reference: operation.reference, err: error }, "deposit query failed");
      failures += 1;
      if (failures >= FAILURES_MAX) break;
    }
  }
  return changed;
}

async function queryOrExpire(
  context: Context,
  provider: Provider,
  operation: OperationRow,
): Promise<boolean> {
  await inTransaction(context.db, (tx) => touchOperation(tx, operation.id));
  const answer = await queryDeposit(context, provider, operation);
  return answer?.outcome.state === "processed" || (await expire(context, operation, true));
}

/** Expires the deposits of providers without a query, in batches. */
async function expireUnqueried(
  context: Context,
  { before, queried }: { before: Date; queried: readonly string[] },
): Promise<number> {
  let changed = 0;
  let after: StaleCursor | null = null;
  do {
    const filter = { before, providers: { notIn: queried } };
    const page = await selectStalePending(context.db, filter, { after, limit: BATCH_SIZE });
    for (const operation of page.rows) if (await expire(context, operation, false)) changed += 1;
    after = page.next;
  } while (after);
  return changed;
}

async function expire(context: Context, operation: OperationRow, canQuery: boolean): Promise<boolean> {
  if (!operation.expiresAt || operation.expiresAt > context.now) return false;
  return await inTransaction(context.db, async (tx) => {
    const locked = await lockOperation(tx, operation.id);
    if (locked?.state !== "pending") return false;
    const expired = await moveOperation(tx, context.actor, locked, { to: "expired", reason: "expired" });
    if (canQuery) await scheduleDepositCheck(tx, context, expired);
    return true;
  });
}
