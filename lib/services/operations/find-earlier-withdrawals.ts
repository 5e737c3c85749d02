import type { Reader } from "@/db/client";
import { findSameWithdrawal, hasPaidOutTo, type OperationRow } from "./store";

/** What a review page points out: whether this number was ever paid, and the same sum to it since `since`. */
export async function findEarlierWithdrawals(
  reader: Reader,
  walletId: bigint,
  same: { phone: string; amountMinor: bigint; since: Date },
): Promise<{ paidBefore: boolean; same: OperationRow | null }> {
  return {
    paidBefore: await hasPaidOutTo(reader, walletId, same.phone),
    same: await findSameWithdrawal(reader, walletId, same),
  };
}
