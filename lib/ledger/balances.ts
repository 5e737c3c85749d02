import type { Reader } from "@/db/client";
import { type Money, money } from "@/lib/money/money";
import type { LedgerAccount } from "./chart";
import { readBalances } from "./store";

/** Balances now, in the order of `accounts`; an account that was never opened has zero. */
export async function getBalances(reader: Reader, accounts: readonly LedgerAccount[]): Promise<Money[]> {
  const rows = await readBalances(
    reader,
    accounts.map((account) => account.address),
  );
  const byAddress = new Map(rows.map((row) => [row.address, row.balance]));
  return accounts.map((account) => money(byAddress.get(account.address) ?? 0n, account.currency));
}
