import type { BankDirectory, Provider } from "@/lib/providers/provider";

/** A transaction, a statement that commits by itself, or a call of somebody else's server. */
export type SiteKind = "commit" | "statement" | "call";

/** One call expression that has failpoints: `<name>:before-<kind>` and `<name>:after-<kind>`. */
export interface CallSite {
  /** `withdrawals/submit-withdrawal.1` for a transaction, `withdrawals/submit-withdrawal.createPayout.1` for others. */
  name: string;
  kind: SiteKind;
  /** The name of what is called. */
  callee: string;
  path: string;
  /** Where the call begins and ends; comparable numbers, see {@link positionOf}. */
  from: number;
  to: number;
}

type ProviderCall = Exclude<
  keyof Provider | keyof BankDirectory,
  "name" | "capabilities" | "banks" | "verifyWebhook"
>;

/** The methods of providers that call their servers. A new one doesn't compile until it is here. */
export const PROVIDER_CALLS: Readonly<Record<ProviderCall, true>> = {
  createCollection: true,
  createPayout: true,
  getCollection: true,
  getPayout: true,
  listTransactions: true,
  listBanks: true,
  resolveAccount: true,
};

/** A line and a column, both from 0, as one number that grows with them. */
export function positionOf(line: number, column: number): number {
  return line * 100_000 + column;
}

/** What a child reads beside its bundle: it names a failpoint by the place in the sources that called. */
export const CALL_SITES_FILE = "call-sites.json";
