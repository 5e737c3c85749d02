import type { Reader } from "@/db/client";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import { selectOpenVaults, type VaultRow } from "./store";

/** The ledger account of a vault. */
export function accountOfVault({ walletId, currency, id }: VaultRow): LedgerAccount {
  return chart.vault(walletId, currency, id);
}

/** The accounts of a wallet's open vaults; a closed one is empty and stays so. */
export async function vaultAccountsOfWallet(reader: Reader, walletId: bigint): Promise<LedgerAccount[]> {
  return (await selectOpenVaults(reader, walletId)).map(accountOfVault);
}
