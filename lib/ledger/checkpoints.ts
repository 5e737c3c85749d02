import type { Transaction } from "@/db/client";
import { callLedgerCheckpoint } from "./store";

/** Rolls the checkpoints of all derived accounts forward to the newest entry; answers how many were written. */
export async function writeCheckpoints(tx: Transaction): Promise<number> {
  return await callLedgerCheckpoint(tx);
}
