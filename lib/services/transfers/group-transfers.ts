import { type Database, markCommitted, poolOf } from "@/db/client";
import { groupCalls } from "@/db/group-calls";
import { isLockTimeout } from "@/db/outage";
import { withRetries } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { sendThroughOutage } from "./send-through-outage";
import {
  callTransferPost,
  callTransferPostWithShortLockTimeout,
  type TransferOutcome,
  type TransferRow,
} from "./store";

const senders = new WeakMap<Database, (row: TransferRow) => Promise<TransferOutcome>>();

/**
 * Sends one transfer in a transaction that it shares with others who wait; resolves after the commit. Throws
 * `unavailable` (nothing was done) when an account stays locked, and `unavailable` or `outcome_unknown` when the
 * database stays away; with a key, asking again is safe.
 */
export async function sendGrouped(db: Database, row: TransferRow): Promise<TransferOutcome> {
  const pool = poolOf(db);
  const known = senders.get(pool);
  const send = known ?? createSender(pool);
  if (!known) senders.set(pool, send);
  try {
    const outcome = await send(row);
    markCommitted(db);
    return outcome;
  } catch (error) {
    throw isLockTimeout(error) ? new DomainError("unavailable") : error;
  }
}

function createSender(db: Database): (row: TransferRow) => Promise<TransferOutcome> {
  const sendOne = async (send: () => Promise<TransferOutcome[]>): Promise<TransferOutcome> => {
    const [outcome] = await sendThroughOutage(() => withRetries(send));
    invariant(outcome, "a transfer has an outcome");
    return outcome;
  };
  return groupCalls<TransferRow, TransferOutcome>({
    // A list names each key once: the second is answered as a replay of the first.
    keyOf: ({ userId, key }) => (key === null ? null : `${userId}\n${key}`),
    locksOf: ({ userId, walletNumber, key }) => [
      `sender ${userId}`,
      `recipient ${walletNumber}`,
      ...(key === null ? [] : [`key ${userId} ${key}`]),
    ],
    send: async (rows) => await sendThroughOutage(() => callTransferPost(db, rows)),
    sendAlone: async (row) => await sendOne(() => callTransferPost(db, [row])),
    sendIsolated: async (row) => await sendOne(() => callTransferPostWithShortLockTimeout(db, row)),
  });
}
