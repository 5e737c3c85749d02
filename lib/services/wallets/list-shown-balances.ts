import type { Reader } from "@/db/client";
import { chart } from "@/lib/ledger/chart";
import { listStatement } from "@/lib/ledger/statement";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import type { Context } from "../context";
import type { Wallet, WalletBalances } from "./get-wallet";

/**
 * The balances that people are shown: francs always, another currency once the wallet had any of it. Whatever comes
 * into a wallet passes through its available balance, so that account's first posting tells.
 */
export async function listShownBalances(context: Context, wallet: Wallet): Promise<WalletBalances[]> {
  const shown = await Promise.all(
    wallet.balances.map((balances) => isShown(context.db, wallet.id, balances)),
  );
  return wallet.balances.filter((_, index) => shown[index]);
}

async function isShown(reader: Reader, walletId: bigint, balances: WalletBalances): Promise<boolean> {
  const { currency, available, held, vaults, owed } = balances;
  if (currency === DEFAULT_CURRENCY) return true;
  if ([available, held, vaults, owed].some(({ amountMinor }) => amountMinor !== 0n)) return true;
  const { rows } = await listStatement(reader, chart.available(walletId, currency), { limit: 1 });
  return rows.length > 0;
}
