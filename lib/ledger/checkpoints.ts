import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { callLedgerCheckpoint } from "./store";

/**
 * Writes a checkpoint of every derived account that moved since its last one, so that its balance stays cheap to read; answers
 * how many. Writes none (0) while a posting that began before it doesn't end within two seconds: a later run takes it along.
 */
export async function rollCheckpoints(db: Database): Promise<number> {
  return await inTransaction(db, (tx) => callLedgerCheckpoint(tx));
}
