import type { TestUser } from "@/e2e/support/people";
import type { Random } from "../random";
import type { MoneyDatabase } from "./money-database";
import type { Booked, ProviderBook } from "./provider-book";
import type { ProviderName } from "./provider-kinds";
import type { PlannedCallback, Script } from "./script";

/** One payment as our database has it, with its provider's record. */
export interface Observed<S extends Script> extends Omit<Row, "reference" | "credited" | "refundedAt"> {
  record: Booked<S>;
  /** The sum of its credits. */
  creditedMinor: bigint;
  /** Milliseconds since 1970; null when it wasn't refunded. */
  refundedAt: number | null;
  /** Reasons of the dead letters about it, or about the unknown reference that was paid with it. */
  reasons: readonly string[];
}

export interface Row {
  reference: string;
  state: string;
  reason: string | null;
  hasProviderReference: boolean;
  credited: string;
  credits: number;
  refundedAt: string | null;
  /** It was refunded because the payment was reversed. */
  isReversal: boolean;
  wasConflict: boolean;
}

export interface Sum {
  provider: ProviderName;
  currencyCode: string;
  amountMinor: bigint;
}

/** A whole case as our database has it. */
export interface ObservedCase<S extends Script> {
  payments: readonly Observed<S>[];
  /** Every suspense entry, and the reasons of the dead letters about them. */
  suspense: readonly Sum[];
  suspenseReasons: readonly string[];
  /** What each provider owes us by our ledger; negative when we owe it. */
  cleared: readonly Sum[];
  /** In all wallets of the case. */
  availableMinor: bigint;
  heldMinor: bigint;
  /** Number of different callbacks that are stored. */
  storedEvents: number;
  waitingJobs: number;
}

/** One kind of payment at a provider: what differs between deposits and payouts. */
export interface PaymentKind<S extends Script> {
  kind: "collection" | "payout";
  /** Rounds for retries after the last delivery, each of seven hours; fewer when no job waits. */
  lastRounds: number;
  /** Faults of its own, counted by {@link faultsOf} or during the case. */
  faults: readonly string[];
  draw(random: Random, index: number, wallets: number): S;
  /** True for wallets that hold what is requested from them. */
  needsFunds: boolean;
  /** True when it is requested by {@link interfere}, not at the start. */
  isDelayed?(script: S): boolean;
  /** Requests the payment. Returns its reference. */
  request(run: CaseRun<S>, script: S, person: TestUser): Promise<string>;
  /** Called when it was requested. */
  schedule?(run: CaseRun<S>, record: Booked<S>): void;
  /** Called before the jobs of each round. */
  interfere?(run: CaseRun<S>, minute: number): Promise<void>;
  /** Called before each delivery. */
  beforeDelivery?(record: Booked<S>, callback: PlannedCallback, nowMs: number): void;
  /** Violations before an operator resolves what is open, and afterwards. */
  check(run: CaseRun<S>, observed: ObservedCase<S>): string[];
  checkResolved?(run: CaseRun<S>, observed: ObservedCase<S>): string[];
  /** True when an operator can't close it. */
  staysOpen?(script: S): boolean;
  /** Faults of the script. */
  faultsOf(script: S): string[];
}

export interface CaseRun<S extends Script> {
  kind: PaymentKind<S>;
  database: MoneyDatabase;
  seed: string;
  /** A random stream of its own, since the number of callbacks and jobs isn't deterministic. */
  chance: Random;
  caseName: string;
  scripts: S[];
  book: ProviderBook<S>;
  people: TestUser[];
  /** What the wallets were funded with. */
  fundedMinor: bigint;
  /** What happens later, by the clock's milliseconds. */
  due: { at: number; run(): Promise<void> }[];
  /** Dead letters of earlier cases, which share the database. */
  earlier: ReadonlySet<string>;
  /** Provider and event key of each callback that was delivered. */
  sent: Set<string>;
  violations: string[];
  /** How often each fault happened. */
  faults: Record<string, number>;
  counts: { deliveries: number; resolved: number };
}

export function countFault({ faults }: Pick<CaseRun<Script>, "faults">, name: string, howMany = 1): void {
  faults[name] = (faults[name] ?? 0) + howMany;
}

/** `acceptedThenTimeout` becomes `accepted then timeout`. */
export const wordsOf = (name: string) => name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
