import type { Currency } from "@/lib/money/currency";
import type { ProviderScenario } from "./provider-scenarios";

/** How a request is sent: more than once, too late to hear the answer, or with the key of another. */
export type Tactic =
  | { kind: "once" }
  | { kind: "keyless" }
  | { kind: "twins"; copies: number }
  | { kind: "again" }
  | { kind: "other_body" }
  | { kind: "hang_up"; afterMs: number };

/** What the payer does on the payment page. */
export type Payer = "confirm" | "twice" | "cancel" | "never";

export interface TransferItem {
  /** The recipient's position among the people; or somebody who can't receive it. */
  to: number | "self" | "nobody";
  amount: number;
  currency: Currency;
}

/** People by their position. Amounts in minor units. Keys come from the seed, so that a case replayed has the same. */
export type Operation =
  | ({ kind: "transfer"; who: number; contested: boolean } & TransferItem & Keyed)
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
  | { kind: "key"; what: "make" | "revoke" | "rollover" | "list"; copies: number }
  | { kind: "balance"; who: number; currency: Currency; contested: boolean }
  | { kind: "walk"; who: number; limit: number }
  | { kind: "status"; who: number };

interface Keyed {
  key: string;
  tactic: Tactic;
}

export interface HistoryPlan {
  people: number;
  /** What comes first, in order: money for everybody. */
  opening: { deposits: Operation[]; lists: Operation[]; saving: Extract<Operation, { kind: "vault" }> };
  /** What the workers take from. */
  operations: Operation[];
  /** Which webhooks are sent once more when all is over, by their position. */
  repeats: number[];
}

/** Who manages keys, who has a vault, and how many bring the money. */
export const MANAGER = 1;
export const SAVER = 2;
