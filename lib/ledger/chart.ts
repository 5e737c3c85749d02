import type { Currency } from "@/lib/money/currency";

/** A ledger account as the chart names it. A minimum balance makes it materialized; without one it is derived. */
export interface LedgerAccount {
  readonly address: string;
  readonly currency: Currency;
  readonly minimumBalance: bigint | null;
}

const materialized = (address: string, currency: Currency): LedgerAccount => ({
  address,
  currency,
  minimumBalance: 0n,
});
const derived = (address: string, currency: Currency): LedgerAccount => ({
  address,
  currency,
  minimumBalance: null,
});

/**
 * The chart of accounts: the only place that makes addresses. Ids go in verbatim and the grammar never changes,
 * since an address can't be renamed once money has passed through it.
 */
export const chart = {
  /** What a wallet may spend. */
  available: (walletId: bigint, currency: Currency) =>
    materialized(`wallet/${walletId}/${currency}/available`, currency),
  /** What is reserved for a withdrawal in flight. */
  held: (walletId: bigint, currency: Currency) =>
    materialized(`wallet/${walletId}/${currency}/held`, currency),
  /** What the wallet owes us (negative): a deposit was taken back when its money was spent already. */
  owed: (walletId: bigint, currency: Currency) => derived(`wallet/${walletId}/${currency}/owed`, currency),
  /** What is set apart in a vault: not spendable before it is taken out. */
  vault: (walletId: bigint, currency: Currency, vaultId: bigint) =>
    materialized(`wallet/${walletId}/${currency}/vault/${vaultId}`, currency),
  /** What a provider owes us (negative: its money came in) or we owe it. */
  clearing: (provider: string, currency: Currency) => derived(`clearing/${provider}/${currency}`, currency),
  /** What we earned. */
  fees: (currency: Currency) => derived(`fees/${currency}`, currency),
  /** Money that came in and that we can't attribute yet. */
  suspense: (currency: Currency) => derived(`suspense/${currency}`, currency),
  /** What a turn's members paid in, and is paid out again in full. */
  tontinePot: (tontine: TontineAccounts, turnId: bigint) => ofTontine(tontine, `pot/${turnId}`),
  /** What a member paid ahead of the turns that are called. */
  tontineAdvance: (tontine: TontineAccounts, memberId: bigint) => ofTontine(tontine, `advance/${memberId}`),
  /** A member's guarantee deposit. */
  tontineGuarantee: (tontine: TontineAccounts, memberId: bigint) =>
    ofTontine(tontine, `guarantee/${memberId}`),
  /** What is a member's and can't reach their wallet yet: above the ceiling, frozen, no account. */
  tontineOwed: (tontine: TontineAccounts, memberId: bigint) => ofTontine(tontine, `owed/${memberId}`),
  /** The group's fund that helps members. */
  tontineSolidarity: (tontine: TontineAccounts) => ofTontine(tontine, "solidarity"),
  /** The group's cash box: fines, entry fees, what a leaver leaves. */
  tontineBox: (tontine: TontineAccounts) => ofTontine(tontine, "box"),
} as const;

/** Whose accounts they are: a tontine has one currency. */
export interface TontineAccounts {
  id: bigint;
  currency: Currency;
}

function ofTontine({ id, currency }: TontineAccounts, account: string): LedgerAccount {
  return materialized(`tontine/${id}/${currency}/${account}`, currency);
}
