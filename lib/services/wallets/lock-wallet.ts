import type { Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { lockWalletOfUser, type WalletRow } from "./store";

/** Locks a user's wallet row until the transaction ends, for limits that count what belongs to a wallet. */
export async function lockWallet(tx: Transaction, userId: bigint): Promise<WalletRow> {
  const wallet = await lockWalletOfUser(tx, userId);
  invariant(wallet, "every user has a wallet");
  return wallet;
}
