import type { Transaction } from "@/db/client";
import type { Currency } from "@/lib/money/currency";
import { chart, type LedgerAccount } from "./chart";
import { callLedgerLockBalance, insertMissingAccounts } from "./store";

/** The accounts of a wallet in one currency. */
export function accountsOfWallet(walletId: bigint, currency: Currency): LedgerAccount[] {
  return [chart.available(walletId, currency), chart.held(walletId, currency)];
}

/** The accounts of the deployment that money from and to a provider passes through. */
export function accountsOfProvider(provider: string, currency: Currency): LedgerAccount[] {
  return [chart.clearing(provider, currency), chart.fees(currency), chart.suspense(currency)];
}

/**
 * The balance of a materialized account, locked until the transaction ends: for a posting whose amount depends on it. Nothing
 * else may be locked by the transaction, since locks are taken in account id order. Zero for one that was never opened.
 */
export async function lockBalance(tx: Transaction, account: LedgerAccount): Promise<bigint> {
  return await callLedgerLockBalance(tx, account.address);
}

/** Opens the accounts that don't exist yet. Throws the database's check_violation when one has another currency or minimum balance. */
export async function openAccounts(tx: Transaction, accounts: readonly LedgerAccount[]): Promise<void> {
  await insertMissingAccounts(tx, accounts);
}
