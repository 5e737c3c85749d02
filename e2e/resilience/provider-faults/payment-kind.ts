import type { TestUser } from "@/e2e/support/people";
import type { Random } from "../random";
import type { Tally } from "../run-cases";
import type { MoneyDatabase } from "./money-database";
import type { Booked, ProviderBook } from "./provider-book";
import type { Script } from "./script";

/** One payment as our database has it, with its provider's record. */
export interface Observed<S extends Script> extends Row {
  record: Booked<S>;
  /** Reasons of the dead letters about it, or about the unknown reference that was paid with it. */
  reasons: readonly string[];
}

export interface Row {
  reference: string;
  state: string;
  hasProviderReference: boolean;
  /** Milliseconds since 1970; null when it wasn't refunded. */
  refundedAt: number | null;
  /** It was refunded because the payment was reversed. */
  isReversal: boolean;
  wasConflict: boolean;
}

/** A whole case as our database has it. */
export interface ObservedCase<S extends Script> {
  payments: readonly Observed<S>[];
  /** Each suspense entry: `<provider> <amount in minor units> <currency>`. */
  suspense: readonly string[];
}

/** One kind of payment at a provider: what differs between deposits and payouts. */
export interface PaymentKind<S extends Script> {
  kind: "collection" | "payout";
  /** What its payments are called in the report. */
  payments: string;
  /** Rounds for retries after the last delivery, each of seven hours; fewer when no job waits. */
  lastRounds: number;
  draw(random: Random, index: number, wallets: number): S;
  /** True for wallets that hold what is requested from them. */
  needsFunds: boolean;
  /** Requests the payment. Returns its reference. */
  request(run: CaseRun<S>, script: S, person: TestUser): Promise<string>;
  /** Called when it was requested. */
  schedule?(run: CaseRun<S>, record: Booked<S>): void;
  /** Called before the jobs of each round. */
  interfere?(run: CaseRun<S>, minute: number): Promise<void>;
  /** Violations before an operator resolves what is open, and afterwards. */
  check(run: CaseRun<S>, observed: ObservedCase<S>): string[];
  checkResolved?(observed: ObservedCase<S>): string[];
  /** True when an operator can't close it. */
  staysOpen?(script: S): boolean;
  /** Faults of the script, by their names in the report. */
  faultsOf(script: S): string[];
}

export interface CaseRun<S extends Script> {
  kind: PaymentKind<S>;
  database: MoneyDatabase;
  seed: string;
  /** A random stream of its own, since the number of callbacks and jobs isn't deterministic. */
  chance: Random;
  tally: Tally;
  scripts: S[];
  book: ProviderBook<S>;
  people: TestUser[];
  /** By the test clock's milliseconds. */
  startedAt: number;
  /** What happens later, by the clock's milliseconds. */
  due: { at: number; run(): Promise<void> }[];
  violations: string[];
}
