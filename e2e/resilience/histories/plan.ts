import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { ProviderScenario } from "./provider-scenarios";

/** Positions of the person who manages API keys, and of the one who has a vault. */
export const MANAGER = 1;
export const SAVER = 2;

/** Of a lock of the vault, from today. */
export const LOCK_DAYS_MIN = 2;

/**
 * How a request is sent: `concurrent` copies with one key, a `replay` of the key afterwards, `misuse` of the key for other
 * requests afterwards, or a `disconnect` before the response.
 */
export type Strategy =
  | { kind: "once" | "keyless" | "replay" | "misuse" }
  | { kind: "concurrent"; copies: number }
  | { kind: "disconnect"; afterMs: number };

interface Keyed {
  /** A person's position. */
  who: number;
  key: string;
  strategy: Strategy;
}

export interface TransferItem {
  /** The recipient, who may be the sender; nobody has the number of an unknown one. */
  to: number | "unknown";
  currency: Currency;
  /** In minor units. */
  amount: number;
}

/** Moves money once. */
export interface Order extends Keyed, Omit<TransferItem, "to"> {
  kind: OperationType;
  /** Null unless it is a transfer. */
  to: TransferItem["to"] | null;
  /** Null unless it is a deposit or withdrawal. */
  provider: ProviderScenario | null;
  /** What the payer of a deposit does on the payment page; `twice` submits it two times at once. */
  payer: "confirm" | "twice" | "cancel" | "never";
  usesRevokedKey: boolean;
}

export interface TransferList extends Keyed {
  kind: "list";
  items: TransferItem[];
}

export type KeyOperation = { kind: "key"; what: "create" | "revoke"; copies: number };

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
