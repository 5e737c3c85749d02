import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { ProviderScenario } from "./provider-scenarios";

/** Milliseconds since 1970, before the first byte is sent and after the last one is received. */
export interface Times {
  startedAt: number;
  endedAt: number;
}

/** What a response says for certain. */
export type Conclusion = { kind: "ok"; body: unknown; replayed: boolean } | { kind: "fail"; code: string };

/** The definite outcome of a call. `unknown` is only for calls that may stay unknown. */
export type Outcome = Times & { tries: number } & (Conclusion | { kind: "unknown" });

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
  /** An operator gave what had come to its owner, as another deposit. */
  isAssigned?: boolean;
}

export interface Acknowledged extends Effect {
  reference: string;
  /** When the first acknowledgement was received, in milliseconds since 1970; infinite if none was. */
  ackAt: number;
}

/** An order without a reference, found by its key: acknowledged by a page, or a deposit whose outcome stayed unknown. */
export interface KeyedEffect extends Effect {
  key: string;
  ackAt: number;
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
  "refused for insufficient funds",
  "ambiguous requests",
  "requests retried",
  "keys replayed",
  "keys refused for another body",
  "payouts refunded",
  "payouts reversed",
  "keys revoked in use",
  "money assigned from suspense",
] as const;

export type Fault = (typeof FAULTS)[number];

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
  readonly faults = new Map<Fault, number>();
  /** When the revocation of the key in use was requested, and when it was acknowledged. */
  revocation = { requestedAt: Number.POSITIVE_INFINITY, acknowledgedAt: Number.POSITIVE_INFINITY };
  /** When the vault's lock was acknowledged. */
  lockedAt = Number.POSITIVE_INFINITY;
  requests = 0;

  countFault(fault: Fault, count = 1): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
  }

  violation(what: string): void {
    this.violations.push(what);
  }

  /** Logs the outcome when it is a refusal for insufficient funds. */
  logRefusal(outcome: Outcome, { who, currency, amount, fee }: Effect, account = "available"): void {
    if (outcome.kind !== "fail" || outcome.code !== "insufficient_funds") return;
    const { startedAt, endedAt } = outcome;
    this.countFault("refused for insufficient funds");
    this.refusals.push({ who, currency, account, wanted: amount + fee, startedAt, endedAt });
  }

  /** Checks that the revoked key is accepted before its revocation was requested, and refused after that was acknowledged. */
  checkRevokedKey(outcome: Outcome): void {
    const { requestedAt, acknowledgedAt } = this.revocation;
    // A retry used the other key.
    if (outcome.tries > 1) return;
    const isRefused = outcome.kind === "fail" && outcome.code === "unauthenticated";
    if (isRefused && outcome.endedAt < requestedAt) this.violation("a valid key was refused");
    else if (isRefused) this.countFault("keys revoked in use");
    else if (outcome.startedAt > acknowledgedAt)
      this.violation(`a key was accepted ${outcome.startedAt - acknowledgedAt} ms after its revocation`);
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
