import type { Transaction } from "@/db/client";
import { newWalletNumber } from "@/lib/ids";
import { accountsOfWallet, openAccounts } from "@/lib/ledger/accounts";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { insertWallet, type WalletRow } from "./store";

// Of 9 × 10^11 numbers: five collisions in a row don't happen by chance.
const ATTEMPTS_MAX = 5;

/** Makes a user's wallet and its ledger accounts in the transaction that makes the user. */
export async function createWallet(tx: Transaction, userId: bigint): Promise<WalletRow> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const wallet = await insertWallet(tx, userId, newWalletNumber());
    if (!wallet) continue;
    await openAccounts(
      tx,
      CURRENCY_CODES.flatMap((currency) => accountsOfWallet(wallet.id, currency)),
    );
    return wallet;
  }
  throw new Error("no free wallet number was found");
}
