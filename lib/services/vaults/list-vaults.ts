import { getBalances } from "@/lib/ledger/balances";
import { sum } from "@/lib/money/arithmetic";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Context, requirePerson } from "../context";
import { walletOfUser } from "../wallets/get-wallet";
import { accountOfVault } from "./account-of-vault";
import { OPEN_VAULTS_MAX } from "./policy";
import { selectOpenVaults } from "./store";
import { toVaultView, type VaultView } from "./view";

export interface VaultList {
  /** Open ones, oldest first; there are at most {@link OPEN_VAULTS_MAX}. */
  vaults: VaultView[];
  /** What lies in them, for each currency that one of them has. */
  totals: Money[];
  /** True when another one would be refused. */
  isFull: boolean;
}

/** The signed-in person's open vaults. Throws `unauthenticated`. */
export async function listVaults(context: Context): Promise<VaultList> {
  const wallet = await walletOfUser(context.db, requirePerson(context));
  const rows = await selectOpenVaults(context.db, wallet.id);
  const balances = await getBalances(context.db, rows.map(accountOfVault));
  const vaults = rows.map((row, index) => toVaultView(row, balances[index] ?? money(0n, row.currency)));
  return { vaults, totals: totalsOf(balances), isFull: rows.length >= OPEN_VAULTS_MAX };
}

/** Sums by currency, of those that occur, in the deployment's order of currencies. */
function totalsOf(balances: readonly Money[]): Money[] {
  return CURRENCY_CODES.flatMap((currency) => {
    const mine = balances.filter((balance) => balance.currency === currency);
    return mine.length === 0 ? [] : [sum(mine, currency)];
  });
}
