import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { type Money, money } from "@/lib/money/money";
import type { LedgerAccount } from "./chart";
import { readBalanceAt, readBalances } from "./store";

/** Balances now, in the order asked for; an account that was never opened has zero. */
export async function getBalances(reader: Reader, accounts: readonly LedgerAccount[]): Promise<Money[]> {
  const rows = await readBalances(
    reader,
    accounts.map((account) => account.address),
  );
  const byAddress = new Map(rows.map((row) => [row.address, row.balance]));
  return accounts.map((account) => money(byAddress.get(account.address) ?? 0n, account.currency));
}

/** Balance of a materialized account as it stood at `moment` (recorded time). */
export async function getBalanceAt(reader: Reader, account: LedgerAccount, moment: Date): Promise<Money> {
  invariant(account.minimumBalance !== null, "only a materialized account has a balance at a past time");
  return money((await readBalanceAt(reader, account.address, moment)) ?? 0n, account.currency);
}
