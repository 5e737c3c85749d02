import { getWalletByNumber } from "@/lib/services/wallets/get-wallet-by-number";
import type { Deployment } from "./deployment";
import { formatTable, plainNumber } from "./format";

/** What a wallet holds, a line a currency. */
export async function reportBalance(
  { context, print }: Deployment,
  { walletNumber }: { walletNumber: string },
): Promise<number> {
  const wallet = await getWalletByNumber(context, walletNumber);
  print(`Wallet ${wallet.number}`);
  const rows = wallet.balances.map(({ currency, available, held, vaults, owed }) => [
    currency,
    plainNumber(available),
    plainNumber(held),
    plainNumber(vaults),
    plainNumber(owed),
  ]);
  for (const line of formatTable(["", "available", "held", "vaults", "owed"], rows, "right")) print(line);
  return 0;
}
