import { inTransaction } from "@/db/transaction";
import { writeCheckpoints } from "@/lib/ledger/checkpoints";
import type { Context } from "@/lib/services/context";

/** Rolls the checkpoints of derived accounts forward, so that their balances stay cheap to read. */
export async function rollCheckpoints(context: Context): Promise<number> {
  return await inTransaction(context.db, (tx) => writeCheckpoints(tx));
}
