import type { Currency } from "@/lib/money/currency";

/** A ledger account as the chart names it. A floor makes it tracked; without one it is summed. */
export interface LedgerAccount {
  readonly address: string;
  readonly currency: Currency;
  readonly floor: bigint | null;
}

const tracked = (address: string, currency: Currency): LedgerAccount => ({ address, currency, floor: 0n });
const summed = (address: string, currency: Currency): LedgerAccount => ({ address, currency, floor: null });

/**
 * The chart of accounts: the only place that makes addresses. Ids go in verbatim and the grammar never changes,
 * since an address can't be renamed once money has passed through it.
 */
export const chart = {
  /** What a wallet may spend. */
  available: (walletId: bigint, currency: Currency) =>
    tracked(`wallet/${walletId}/${currency}/available`, currency),
  /** What is reserved for a withdrawal in flight. */
  held: (walletId: bigint, currency: Currency) => tracked(`wallet/${walletId}/${currency}/held`, currency),
  /** What is set apart in a vault: not spendable before it is taken out. */
  vault: (walletId: bigint, currency: Currency, vaultId: bigint) =>
    tracked(`wallet/${walletId}/${currency}/vault/${vaultId}`, currency),
  /** What a provider owes us (negative: its money came in) or we owe it. */
  clearing: (provider: string, currency: Currency) => summed(`clearing/${provider}/${currency}`, currency),
  /** What we earned. */
  fees: (currency: Currency) => summed(`fees/${currency}`, currency),
  /** Money that came in and that we can't attribute yet. */
  suspense: (currency: Currency) => summed(`suspense/${currency}`, currency),
} as const;
