import type { Reader, Transaction } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { sum } from "@/lib/money/arithmetic";
import { CURRENCY_CODES, type Currency } from "@/lib/money/currency";
import { type Money, money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { findWalletOfUser, lockWalletOfUser, selectOpenVaults, type WalletRow } from "./store";

export interface WalletBalances {
  currency: Currency;
  /** What may be spent: neither what is held nor what lies in vaults. */
  available: Money;
  held: Money;
  /** The sum of the open vaults. */
  vaults: Money;
  /** What the wallet owes us for deposits that were taken back; money that comes in pays it first. */
  owed: Money;
}

export interface Wallet {
  id: bigint;
  number: string;
  /** One element a currency, in the order of {@link CURRENCY_CODES}. */
  balances: WalletBalances[];
}

/** The wallet of a user, for verbs that have checked the actor already. Every user has one. */
export async function walletOfUser(reader: Reader, userId: bigint): Promise<WalletRow> {
  const wallet = await findWalletOfUser(reader, userId);
  invariant(wallet, "every user has a wallet");
  return wallet;
}

/** As {@link walletOfUser}, locked until the transaction ends: for limits that count what belongs to a wallet. */
export async function lockWallet(tx: Transaction, userId: bigint): Promise<WalletRow> {
  const wallet = await lockWalletOfUser(tx, userId);
  invariant(wallet, "every user has a wallet");
  return wallet;
}

/** The signed-in user's wallet with its balances. Throws `unauthenticated`. */
export async function getWallet(context: Context): Promise<Wallet> {
  return await withBalances(context.db, await walletOfUser(context.db, requireUser(context)));
}

/** A wallet with its balances, for verbs that may see it. */
export async function withBalances(reader: Reader, wallet: WalletRow): Promise<Wallet> {
  // A closed vault is empty and stays so.
  const openVaults = await selectOpenVaults(reader, wallet.id);
  const vaults = openVaults.map(({ id, currency }) => chart.vault(wallet.id, currency, id));
  const accounts = CURRENCY_CODES.flatMap((currency) => [
    chart.available(wallet.id, currency),
    chart.held(wallet.id, currency),
    chart.owed(wallet.id, currency),
  ]);
  const amounts = await getBalances(reader, [...accounts, ...vaults]);
  const inVaults = amounts.slice(accounts.length);
  const balances = CURRENCY_CODES.map((currency, index) => {
    const [available, held, owed] = amounts.slice(index * 3);
    invariant(available && held && owed, "a balance for each account");
    return {
      currency,
      available,
      held,
      vaults: sum(
        inVaults.filter((amount) => amount.currency === currency),
        currency,
      ),
      owed: money(-owed.amountMinor, currency),
    };
  });
  return { id: wallet.id, number: wallet.number, balances };
}
