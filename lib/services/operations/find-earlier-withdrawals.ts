import type { Reader } from "@/db/client";
import { type Destination, findSameWithdrawal, hasPaidOutTo, type OperationRow } from "./store";

/** What a review page points out: whether this destination was ever paid, and the same sum to it since `since`. */
export async function findEarlierWithdrawals(
  reader: Reader,
  walletId: bigint,
  same: { destination: Destination; currency: OperationRow["currency"]; amountMinor: bigint; since: Date },
): Promise<{ paidBefore: boolean; same: OperationRow | null }> {
  return {
    paidBefore: await hasPaidOutTo(reader, walletId, same.destination),
    same: await findSameWithdrawal(reader, walletId, same),
  };
}
