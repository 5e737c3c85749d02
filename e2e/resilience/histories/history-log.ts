import type { Currency } from "@/lib/money/currency";
import type { ProviderScenario } from "./provider-scenarios";

/** Something that was answered with a yes, and so must be in the books exactly once. */
export interface Acknowledged {
  reference: string;
  type: "transfer" | "deposit" | "withdrawal" | "vault_deposit" | "vault_withdrawal";
  /** Positions of people: whose it is, and whom it goes to. */
  who: number;
  to: number | null;
  currency: Currency;
  amount: bigint;
  fee: bigint;
  /** When the first yes had come in, in milliseconds since 1970. */
  ackAt: number;
  /** States that it may end in. */
  ends: readonly string[];
  scenario: ProviderScenario | null;
}

/** A deposit whose answer names no reference: it is found by its key. */
export interface Unnamed {
  who: number;
  key: string;
  currency: Currency;
  amount: bigint;
  ends: readonly string[];
  scenario: ProviderScenario;
}

/** Something that was answered with a yes which names no reference, as a page does: it is found by its key too. */
export interface AcknowledgedByKey extends Omit<Acknowledged, "reference"> {
  key: string;
}

/** What one wallet's owner was told of it. */
export interface BalanceRead {
  who: number;
  startedAt: number;
  endedAt: number;
  balances: { currency: Currency; available: bigint; held: bigint }[];
}

/** A no for lack of money: it must have been true at some moment. */
export interface Refusal {
  who: number;
  currency: Currency;
  /** With the fee. */
  wanted: bigint;
  startedAt: number;
  endedAt: number;
}

/** How a list's transfers of one currency were answered the first time, in their order. */
export interface ListVerdicts {
  who: number;
  currency: Currency;
  verdicts: { amount: bigint; reference: string | null; isShort: boolean }[];
}

/** A line of the history as the API tells it. */
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

/** A walk through somebody's whole history, page by page. */
export interface Walk {
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

/** Faults that have to happen, by the names that the report shows. */
export const FAULTS = [
  "refused for lack of money",
  "ambiguous requests",
  "requests retried",
  "keys replayed",
  "keys refused for another body",
  "payouts refunded",
  "payouts reversed",
  "money in suspense",
  "keys revoked in use",
  "money given out of suspense",
] as const;

export type Fault = (typeof FAULTS)[number];

type Wanted = Pick<Refusal, "who" | "currency" | "wanted">;

/** Everything that the callers of one history learnt. */
export class HistoryLog {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly unnamed: Unnamed[] = [];
  readonly byKey: AcknowledgedByKey[] = [];
  readonly reads: BalanceRead[] = [];
  readonly walks: Walk[] = [];
  readonly statuses: StatusRead[] = [];
  readonly refusals: Refusal[] = [];
  readonly lists: ListVerdicts[] = [];
  readonly violations: string[] = [];
  readonly faults = new Map<Fault, number>();
  /** When the revocation of the contested key was asked for, and when it had been answered. */
  revocation: { askedAt: number; answeredAt: number } | null = null;
  /** When the vault's lock had been answered. */
  lockedAt: number | null = null;
  requests = 0;

  met(fault: Fault, count = 1): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
  }

  violation(what: string): void {
    this.violations.push(what);
  }

  /** Notes a refusal for lack of money, whatever the other kinds of answers do. */
  noteShortage(
    sure: { kind: string; code?: string; startedAt: number; endedAt: number },
    wanted: Wanted,
  ): void {
    if (sure.kind !== "no" || sure.code !== "insufficient_funds") return;
    this.met("refused for lack of money");
    this.refusals.push({ ...wanted, startedAt: sure.startedAt, endedAt: sure.endedAt });
  }

  /** The first yes of a reference counts; a later one must say the same. */
  acknowledge(said: Acknowledged): void {
    const known = this.acknowledged.get(said.reference);
    if (!known) {
      this.acknowledged.set(said.reference, said);
      return;
    }
    known.ackAt = Math.min(known.ackAt, said.ackAt);
    const isSame = known.type === said.type && known.amount === said.amount && known.who === said.who;
    if (!isSame) this.violation(`${said.reference} was answered as two different things`);
  }
}
