import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { Definite } from "../crashes/client";
import type { ProviderScenario } from "./provider-scenarios";

/** Milliseconds since 1970, before the first byte is sent and after the last one is received. */
export interface Times {
  startedAt: number;
  endedAt: number;
}

/** What an order must have become in the ledger, exactly once. */
export interface Effect {
  type: OperationType;
  /** Positions of the owner and, for a transfer, of the recipient. */
  who: number;
  to: number | null;
  currency: Currency;
  amount: bigint;
  fee: bigint;
  /** States that it may end in. */
  allowedStates: readonly string[];
  provider: ProviderScenario | null;
  /** When the first acknowledgement was received, in milliseconds since 1970; infinite if none was. */
  ackAt: number;
}

export interface Acknowledged extends Effect {
  reference: string;
}

/** An order without a reference, found by its key: acknowledged by a page, or a deposit whose outcome stayed unknown. */
export interface KeyedEffect extends Effect {
  key: string;
}

/** As the API returned it, here and below. */
export interface Balance {
  currency: Currency;
  available_minor: number;
  held_minor: number;
}

export type BalanceRead = Times & { who: number; balances: Balance[] };

/** A refusal for insufficient funds, which must have been true at one moment during the request. */
export type Refusal = Times & {
  who: number;
  currency: Currency;
  /** The account's last part: `available` or a vault's. */
  account: string;
  /** Including the fee. */
  wanted: bigint;
};

/** The first response to a list of transfers: those of one currency, in their order. */
export interface ListOutcome {
  who: number;
  currency: Currency;
  transfers: { amount: bigint; reference: string | null; isShort: boolean }[];
}

export interface Line {
  id: number;
  reference: string;
  type: string;
  direction: string;
  currency: string;
  amount_minor: number;
  fee_minor: number;
}

/** A person's whole transaction list. */
export type TransactionList = Times & { who: number; pages: Line[][] };

export type StatusRead = Times & { reference: string; status: string };

/** Faults that every run has to meet, by the names in the report. */
export const FAULTS = [
  ...["refused for insufficient funds", "ambiguous requests", "requests retried", "keys replayed"],
  ...["keys refused for another body", "payouts refunded", "payouts reversed"],
] as const;

/** Everything that the clients of one history learnt. */
export class HistoryLog {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly byKey: KeyedEffect[] = [];
  readonly balanceReads: BalanceRead[] = [];
  readonly transactionLists: TransactionList[] = [];
  readonly statuses: StatusRead[] = [];
  readonly refusals: Refusal[] = [];
  readonly lists: ListOutcome[] = [];
  readonly violations: string[] = [];
  readonly faults = { replayed: 0, misused: 0, short: 0 };

  violation(what: string): void {
    this.violations.push(what);
  }

  /** Logs the outcome when it is a refusal for insufficient funds. */
  logRefusal(outcome: Definite, { who, currency, amount, fee }: Effect, account: string): void {
    if (outcome.code !== "insufficient_funds") return;
    const { startedAt, endedAt } = outcome;
    this.faults.short += 1;
    this.refusals.push({ who, currency, account, wanted: amount + fee, startedAt, endedAt });
  }

  /** Keeps the first acknowledgement of a reference; a later one must be the same. */
  acknowledge(operation: Acknowledged): void {
    const { reference, type, amount, who } = operation;
    const known = this.acknowledged.get(reference);
    if (!known) {
      this.acknowledged.set(reference, operation);
      return;
    }
    known.ackAt = Math.min(known.ackAt, operation.ackAt);
    const isSame = known.type === type && known.amount === amount && known.who === who;
    if (!isSame) this.violation(`${reference} was acknowledged as two different operations`);
  }
}
