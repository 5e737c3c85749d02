import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { ProviderScenario } from "./provider-scenarios";

/** An operation that was acknowledged, and so must be in the ledger exactly once. */
export interface Acknowledged {
  reference: string;
  type: OperationType;
  /** Positions of the owner and, for a transfer, of the recipient. */
  who: number;
  to: number | null;
  currency: Currency;
  amount: bigint;
  fee: bigint;
  /** When the first acknowledgement was received, in milliseconds since 1970. */
  ackAt: number;
  /** States that it may end in. */
  allowedStates: readonly string[];
  scenario: ProviderScenario | null;
}

/** A deposit whose response had no reference: it is found by its key. */
export interface DepositByKey {
  who: number;
  key: string;
  currency: Currency;
  amount: bigint;
  allowedStates: readonly string[];
  scenario: ProviderScenario;
}

/** An operation acknowledged by a page, without its reference: it is found by its key. */
export interface AcknowledgedByKey extends Omit<Acknowledged, "reference"> {
  key: string;
}

/** A balance as the API returned it. */
export interface BalanceRead {
  who: number;
  startedAt: number;
  endedAt: number;
  balances: { currency: Currency; available: bigint; held: bigint }[];
}

/** A refusal for insufficient funds, which must have been true at one moment during the request. */
export interface Refusal {
  who: number;
  currency: Currency;
  /** Including the fee. */
  wanted: bigint;
  startedAt: number;
  endedAt: number;
}

/** The first response to a list of transfers: those of one currency, in their order. */
export interface ListOutcome {
  who: number;
  currency: Currency;
  transfers: { amount: bigint; reference: string | null; isShort: boolean }[];
}

/** A line of the transaction list as the API returned it. */
export interface Line {
  id: number;
  reference: string;
  type: string;
  status: string;
  direction: string;
  currency: string;
  amount: bigint;
  fee: bigint;
}

/** A person's whole transaction list, page by page. */
export interface TransactionList {
  who: number;
  startedAt: number;
  endedAt: number;
  pages: Line[][];
}

export interface StatusRead {
  reference: string;
  status: string;
  startedAt: number;
  endedAt: number;
}

/** Faults that every run has to meet, by the names in the report. */
export const FAULTS = [
  "refused for insufficient funds",
  "ambiguous requests",
  "requests retried",
  "keys replayed",
  "keys refused for another body",
  "payouts refunded",
  "payouts reversed",
  "money in suspense",
  "keys revoked in use",
  "money assigned from suspense",
] as const;

export type Fault = (typeof FAULTS)[number];

type RefusedAmount = Pick<Refusal, "who" | "currency" | "wanted">;

/** Everything that the clients of one history learnt. */
export class HistoryLog {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly depositsByKey: DepositByKey[] = [];
  readonly byKey: AcknowledgedByKey[] = [];
  readonly reads: BalanceRead[] = [];
  readonly transactionLists: TransactionList[] = [];
  readonly statuses: StatusRead[] = [];
  readonly refusals: Refusal[] = [];
  readonly lists: ListOutcome[] = [];
  readonly violations: string[] = [];
  readonly faults = new Map<Fault, number>();
  /** When the revocation of the key in use was requested, and when it was acknowledged. */
  revocation: { requestedAt: number; acknowledgedAt: number } | null = null;
  /** When the vault's lock was acknowledged. */
  lockedAt: number | null = null;
  requests = 0;

  countFault(fault: Fault, count = 1): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
  }

  violation(what: string): void {
    this.violations.push(what);
  }

  /** Logs the outcome when it is a refusal for insufficient funds. */
  logRefusal(
    outcome: { kind: string; code?: string; startedAt: number; endedAt: number },
    wanted: RefusedAmount,
  ): void {
    if (outcome.kind !== "fail" || outcome.code !== "insufficient_funds") return;
    this.countFault("refused for insufficient funds");
    this.refusals.push({ ...wanted, startedAt: outcome.startedAt, endedAt: outcome.endedAt });
  }

  /** Keeps the first acknowledgement of a reference; a later one must be the same. */
  acknowledge(operation: Acknowledged): void {
    const known = this.acknowledged.get(operation.reference);
    if (!known) {
      this.acknowledged.set(operation.reference, operation);
      return;
    }
    known.ackAt = Math.min(known.ackAt, operation.ackAt);
    const isSame =
      known.type === operation.type && known.amount === operation.amount && known.who === operation.who;
    if (!isSame) this.violation(`${operation.reference} was acknowledged as two different operations`);
  }
}
