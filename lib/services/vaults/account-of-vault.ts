import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import type { VaultRow } from "./store";

/** The ledger account of a vault. */
export function accountOfVault({ walletId, currency, id }: VaultRow): LedgerAccount {
  return chart.vault(walletId, currency, id);
}
