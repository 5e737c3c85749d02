import type { Currency } from "@/lib/money/currency";
import type { ProviderScenario } from "./provider-scenarios";

/**
 * How a request is sent: `concurrent` copies with one key, a `replay` of the key afterwards, `other_body` with the same key,
 * or a `disconnect` before the response.
 */
export type Strategy =
  | { kind: "once" }
  | { kind: "keyless" }
  | { kind: "concurrent"; copies: number }
  | { kind: "replay" }
  | { kind: "other_body" }
  | { kind: "disconnect"; afterMs: number };

/** What the payer does on the payment page; `twice` submits it two times at once. */
export type Payer = "confirm" | "twice" | "cancel" | "never";

export interface TransferItem {
  /** The recipient's position among the people, or a recipient that is refused. */
  to: number | "self" | "unknown";
  amount: number;
  currency: Currency;
}

/** People are positions, amounts are in minor units. Keys follow from the seed. */
export type Operation =
  | ({ kind: "transfer"; who: number; revokedInUse: boolean } & TransferItem & Keyed)
  | ({ kind: "list"; who: number; items: TransferItem[] } & Keyed)
  | ({ kind: "deposit"; who: number; currency: Currency; scenario: ProviderScenario; amount: number } & {
      payer: Payer;
    } & Keyed)
  | ({
      kind: "withdrawal";
      who: number;
      currency: Currency;
      scenario: ProviderScenario;
      amount: number;
    } & Keyed)
  | ({ kind: "vault"; what: "put" | "take"; amount: number } & Keyed)
  | { kind: "vault_lock"; days: number }
  | { kind: "key"; what: "create" | "revoke" | "rollover" | "list"; copies: number }
  | { kind: "balance"; who: number; currency: Currency; revokedInUse: boolean }
  | { kind: "transactions"; who: number; limit: number }
  | { kind: "status"; who: number };

interface Keyed {
  key: string;
  strategy: Strategy;
}

export interface HistoryPlan {
  people: number;
  /** Runs first: funds everybody. */
  opening: { deposits: Operation[]; lists: Operation[]; saving: Extract<Operation, { kind: "vault" }> };
  /** Run by concurrent workers. */
  operations: Operation[];
  /** Positions of webhooks that are sent again at the end. */
  webhookResends: number[];
}

/** Positions of the person who manages API keys, and of the one who has a vault. */
export const MANAGER = 1;
export const SAVER = 2;
