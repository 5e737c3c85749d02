import type { Currency } from "@/lib/money/currency";
import type { ProviderScenario } from "./provider-scenarios";

/**
 * How a request is sent: `concurrent` copies with one key, a `replay` of the key afterwards, `misuse` of the key for other
 * requests afterwards, or a `disconnect` before the response.
 */
export type Strategy =
  | { kind: "once" | "keyless" | "replay" | "misuse" }
  | { kind: "concurrent"; copies: number }
  | { kind: "disconnect"; afterMs: number };

/** What the payer does on the payment page; `twice` submits it two times at once. */
export type Payer = "confirm" | "twice" | "cancel" | "never";

interface Keyed {
  key: string;
  strategy: Strategy;
}

/** People are positions, amounts are in minor units. */
export interface TransferItem {
  /** The recipient, who may be the sender; nobody has the number of an unknown one. */
  to: number | "unknown";
  currency: Currency;
  amount: number;
}

interface ProviderOrder {
  who: number;
  currency: Currency;
  amount: number;
  provider: ProviderScenario;
}

/** Moves money once. Vaults are the saver's. */
export type Order = Keyed &
  (
    | ({ kind: "transfer"; who: number; usesRevokedKey: boolean } & TransferItem)
    | ({ kind: "deposit"; payer: Payer } & ProviderOrder)
    | ({ kind: "withdrawal" } & ProviderOrder)
    | { kind: "vault_deposit" | "vault_withdrawal"; amount: number }
  );

export type TransferList = { kind: "list"; who: number; items: TransferItem[] } & Keyed;

export type KeyOperation = { kind: "key"; what: "create" | "revoke" | "rollover" | "list"; copies: number };

export type Operation =
  | Order
  | TransferList
  | KeyOperation
  | { kind: "vault_lock"; days: number }
  | { kind: "balance"; who: number; currency: Currency; usesRevokedKey: boolean }
  | { kind: "transactions"; who: number; limit: number }
  | { kind: "status"; who: number };

export interface HistoryPlan {
  people: number;
  /** Runs first: funds everybody. */
  opening: { deposits: Order[]; lists: TransferList[]; saving: Order };
  /** Run by concurrent workers. */
  operations: Operation[];
  /** Positions of webhooks that are sent again at the end. */
  webhookResends: number[];
}

/** Positions of the person who manages API keys, and of the one who has a vault. */
export const MANAGER = 1;
export const SAVER = 2;
