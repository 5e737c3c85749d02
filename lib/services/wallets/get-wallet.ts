import type { Reader } from "@/db/client";
import { invariant } from "@/lib/invariant";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { CURRENCIES, type Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import { type Context, requireUser } from "../context";
import { findWalletOfUser, type WalletRow } from "./store";

export interface WalletBalances {
  currency: Currency;
  available: Money;
  held: Money;
}

export interface Wallet {
  id: bigint;
  number: string;
  /** One element a currency, XOF first. */
  balances: WalletBalances[];
}

/** The wallet of a user, for verbs that already know who asks. Every user has one. */
export async function walletOfUser(reader: Reader, userId: bigint): Promise<WalletRow> {
  const wallet = await findWalletOfUser(reader, userId);
  invariant(wallet, "every user has a wallet");
  return wallet;
}

/** The signed-in user's wallet with its balances. Throws `unauthenticated`. */
export async function getWallet(context: Context): Promise<Wallet> {
  const wallet = await walletOfUser(context.db, requireUser(context));
  const currencies = Object.keys(CURRENCIES) as Currency[];
  const accounts = currencies.flatMap((currency) => [
    chart.available(wallet.id, currency),
    chart.held(wallet.id, currency),
  ]);
  const amounts = await getBalances(context.db, accounts);
  const balances = currencies.map((currency, index) => {
    const available = amounts[index * 2];
    const held = amounts[index * 2 + 1];
    invariant(available && held, "a balance for each account");
    return { currency, available, held };
  });
  return { id: wallet.id, number: wallet.number, balances };
}
