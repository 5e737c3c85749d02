import type { Random } from "@/e2e/resilience/random";
import { type ApiUser, createApiUsers } from "@/e2e/support/credentials";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import type { BookEntry } from "@/lib/sandbox/book";
import type { Actor, Context } from "@/lib/services/context";
import type { Accepted } from "../client";
import { findOpen } from "../find-open";
import { checkBooks, type ExpectedOperation, findEntry } from "../oracle";
import { payCollection } from "../pay-collection";
import { Requests } from "../requests";
import { type CrashHarness, RefusedError } from "./harness";

export const SYSTEM = { kind: "system" } as const;
export const ANONYMOUS = { kind: "anonymous" } as const;
export const OPERATOR = { operator: "Awa", note: "crash test" };

/** A series of requests that hits some of the failpoints. */
interface WorkloadOf<T> {
  name: string;
  /** Names of the failpoints that it hits on every run. */
  reaches: RegExp;
  setUp(test: CrashTest): T | Promise<T>;
  /** From here on the failpoint is armed. Resolves when all requests have a definite response. */
  send(test: CrashTest, made: T): Promise<unknown>;
}

/** A workload with its set-up, whatever that makes. */
export interface Workload extends Pick<WorkloadOf<unknown>, "name" | "reaches"> {
  run(test: CrashTest, arm: () => Promise<void>): Promise<void>;
}

export function workload<T>({ name, reaches, setUp, send }: WorkloadOf<T>): Workload {
  const run: Workload["run"] = async (test, arm) => {
    const made = await setUp(test);
    await arm();
    await send(test, made);
  };
  return { name, reaches, run };
}

type Verb<Args extends unknown[], T> = (context: Context, ...args: Args) => Promise<T>;

/** One run of a workload: its people, what they do, and what must be true at the end. */
export class CrashTest extends Requests {
  readonly #people: ApiUser[] = [];
  readonly #violations: string[] = [];

  constructor(
    readonly harness: CrashHarness,
    random: Random,
  ) {
    super(harness.client, random);
  }

  get sql() {
    return this.harness.deployment.owner;
  }

  get sandbox() {
    return this.harness.deployment.sandbox;
  }

  /** A new person with money. */
  async createPerson(funds: Partial<Record<Currency, bigint>> = {}): Promise<ApiUser> {
    const amounts = (Object.entries(funds) as [Currency, bigint][]).map(([currency, minor]) =>
      money(minor, currency),
    );
    const [person] = await createApiUsers(this.harness.deployment, 1, ...amounts);
    invariant(person, "one user was created");
    this.#people.push(person);
    return person;
  }

  /** Notes an operation that must exist at the end, once. */
  expect(
    type: ExpectedOperation["type"],
    from: ApiUser,
    amount: number,
    more: Partial<ExpectedOperation> = {},
  ): void {
    this.expected.push({ type, from, currency: "XOF", amountMinor: BigInt(amount), ...more });
  }

  /** Records a violation unless both are the same JSON. */
  equal(actual: unknown, expected: unknown, what: string): void {
    const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (seen !== wanted) this.#violations.push(`${what}: ${seen}, expected ${wanted}`);
  }

  async run<Args extends unknown[], T>(verb: Verb<Args, T>, who: ApiUser | Actor, ...args: Args): Promise<T> {
    return await this.harness.run(verb, "context" in who ? who.context.actor : who, ...args);
  }

  /**
   * Calls a verb without an idempotency key: when its first attempt was committed and its response lost, the next one is
   * refused with one of `codes`. Null then.
   */
  async runOnce<Args extends unknown[], T>(
    codes: readonly string[],
    verb: Verb<Args, T>,
    who: ApiUser | Actor,
    ...args: Args
  ): Promise<T | null> {
    return await this.run(verb, who, ...args).catch((error: unknown) => {
      if (error instanceof RefusedError && codes.includes(error.code ?? "")) return null;
      throw error;
    });
  }

  /** Requests a deposit. Returns its reference, also when the outcome stays unknown. */
  async deposit(
    from: ApiUser,
    currency: Currency,
    order: { amount?: number; phone?: string; accepted?: Accepted } = {},
  ): Promise<string> {
    await this.order("deposit", from, currency, { accepted: [200, "outcome_unknown"], ...order });
    const key = this.expected.at(-1)?.key ?? "";
    const [row] = await this.sql<{ reference: string }[]>`
      select reference from idempotency_keys where key = ${key}`;
    this.equal(row === undefined, false, "a deposit is missing");
    return row?.reference ?? "";
  }

  /** Requests a withdrawal, which must be accepted. Returns its reference. */
  async withdraw(from: ApiUser, currency: Currency, order: { amount?: number } = {}): Promise<string> {
    return (await this.order("withdrawal", from, currency, order)) ?? "";
  }

  /** Pays every open collection at the provider, also those whose response never reached the API. */
  async payAll({ walletId }: ApiUser): Promise<void> {
    const rows = await this.sql<{ reference: string }[]>`
      select reference from operations where wallet_id = ${walletId.toString()} and type = 'deposit' order by id`;
    for (const { reference } of rows) {
      const entry = this.entryOf("deposit", reference);
      if (entry?.approval === null) await payCollection(this.sandbox, entry);
    }
  }

  entryOf(type: "deposit" | "withdrawal", reference: string): BookEntry | null {
    return findEntry(this.sandbox.book, { type, reference });
  }

  /** Hurries jobs and polls until `isDone`, for some seconds at most: the oracle checks what became of it. */
  async until(isDone: () => Promise<boolean> | boolean, withinMs = 5_000): Promise<void> {
    await this.harness.deployment.settle(async () => await isDone(), withinMs);
  }

  async untilIdle(): Promise<void> {
    await this.until(async () => (await findOpen(this.sql)).jobs === 0, 1_000);
  }

  async stateOf(reference: string): Promise<string> {
    const [row] = await this.sql<{ state: string }[]>`
      select state from operations where reference = ${reference}`;
    return row?.state ?? "missing";
  }

  async untilState(reference: string, ...states: string[]): Promise<void> {
    await this.until(async () => states.includes(await this.stateOf(reference)), 3_000);
  }

  /** All violations, a sentence each. Call it when everything has settled. */
  async check(): Promise<string[]> {
    const runs = await this.sql`select id from reconciliation_runs where finished_at is null`;
    this.equal(runs.length, 0, "reconciliation runs that never end");
    const books = await checkBooks({ owner: this.sql, book: this.sandbox.book }, this.#people, this.expected);
    return [...this.#violations, ...this.client.violations.splice(0), ...books];
  }
}
