import type { Reader } from "@/db/client";
import { selectByReferences, selectParties } from "./store";
import { type OperationView, toOperationView } from "./view";

/** Which of these references are operations that a wallet is a side of, by reference, as its owner sees them. */
export async function listByReference(
  reader: Reader,
  walletId: bigint,
  references: readonly string[],
): Promise<ReadonlyMap<string, OperationView>> {
  const rows = await selectByReferences(reader, walletId, references);
  const parties = await selectParties(reader, rows);
  return new Map(rows.map((row) => [row.reference, toOperationView(row, parties, walletId)]));
}
