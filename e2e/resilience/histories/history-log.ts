import type { Currency } from "@/lib/money/currency";
import type { ExpectedOperation } from "../crashes/oracle";

/** Milliseconds since 1970, before the first byte is sent and after the last one is received. */
export interface Times {
  startedAt: number;
  endedAt: number;
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
  readonly expected: ExpectedOperation[] = [];
  /** When a reference, or the key of an operation without one, was acknowledged, in milliseconds since 1970. */
  readonly acknowledgedAt = new Map<string, number>();
  readonly deposits: { who: number; reference: string }[] = [];
  readonly balanceReads: BalanceRead[] = [];
  readonly transactionLists: TransactionList[] = [];
  readonly statuses: StatusRead[] = [];
  readonly refusals: Refusal[] = [];
  readonly violations: string[] = [];
  readonly faults = { replayed: 0, misused: 0 };

  violation(what: string): void {
    this.violations.push(what);
  }
}
