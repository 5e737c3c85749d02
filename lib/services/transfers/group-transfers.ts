import { type Database, markCommitted, poolOf } from "@/db/client";
import { groupCalls } from "@/db/group-calls";
import { withRetries } from "@/db/transaction";
import { invariant } from "@/lib/invariant";
import { sendThroughOutage } from "./send-through-outage";
import { callTransferPost, type TransferOutcome, type TransferRow } from "./store";

const senders = new WeakMap<Database, (row: TransferRow) => Promise<TransferOutcome>>();

/**
 * Sends one transfer in a transaction that it shares with others who wait; resolves after the commit. When the database
 * stays away it throws `unavailable` (nothing was done) or `outcome_unknown`; with a key, asking again is safe.
 */
export async function sendGrouped(db: Database, row: TransferRow): Promise<TransferOutcome> {
  const pool = poolOf(db);
  const known = senders.get(pool);
  const send = known ?? createSender(pool);
  if (!known) senders.set(pool, send);
  const outcome = await send(row);
  markCommitted(db);
  return outcome;
}

function createSender(db: Database): (row: TransferRow) => Promise<TransferOutcome> {
  return groupCalls<TransferRow, TransferOutcome>({
    // A list names each key once: the second is answered as a replay of the first.
    nameOf: ({ userId, key }) => (key === null ? null : `${userId}\n${key}`),
    send: async (rows) => await sendThroughOutage(() => callTransferPost(db, rows)),
    sendAlone: async (row) => {
      const [outcome] = await sendThroughOutage(() => withRetries(() => callTransferPost(db, [row])));
      invariant(outcome, "a transfer has an outcome");
      return outcome;
    },
  });
}
