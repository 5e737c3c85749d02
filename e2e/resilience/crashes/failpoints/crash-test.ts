import type { Random } from "@/e2e/resilience/random";
import { type ApiUser, createApiUsers } from "@/e2e/support/credentials";
import { invariant } from "@/lib/invariant";
import type { Currency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import type { BookEntry } from "@/lib/sandbox/book";
import type { ApiResponse } from "./api-request";
import type { CrashHarness } from "./crash-harness";

/** A user of a workload, with an API key that may do everything. */
export interface Person extends ApiUser {
  actor: ApiUser["context"]["actor"];
}

export const SYSTEM = { kind: "system" } as const;
export const ANONYMOUS = { kind: "anonymous" } as const;
export const OPERATOR = { operator: "Awa", note: "crash test" };

/** Money that a workload moved between wallets. */
interface Change {
  person: Person;
  currency: Currency;
  minor: bigint;
}

/** One run of a workload: its people, and what must be true at the end. */
export class CrashTest {
  readonly people: Person[] = [];
  readonly violations: string[] = [];
  /** How many operations each wallet must have, by wallet id. */
  readonly expectedOperations = new Map<bigint, number>();
  /** References of operations that an operator resolved. */
  readonly resolved = new Set<string>();
  #changes: Change[] = [];
  #arm: () => Promise<void>;

  constructor(
    readonly harness: CrashHarness,
    readonly random: Random,
    arm: () => Promise<void>,
  ) {
    this.#arm = arm;
  }

  /** Ends the preparation: from here on the failpoint is armed. */
  async arm(): Promise<void> {
    await this.#arm();
  }

  /** A new person with money. */
  async createPerson(funds: Partial<Record<Currency, bigint>> = {}): Promise<Person> {
    const amounts = Object.entries(funds) as [Currency, bigint][];
    const [user] = await createApiUsers(
      this.harness.deployment,
      1,
      ...amounts.map(([currency, minor]) => money(minor, currency)),
    );
    invariant(user, "one user was created");
    const person = { ...user, actor: user.context.actor };
    this.people.push(person);
    this.expectedOperations.set(user.walletId, amounts.length);
    return person;
  }

  key(): string {
    return `key-${this.random.hex(8)}`;
  }

  /** Expects `count` more operations of `person`, each requested with a key of its own. */
  expectOperations(person: Person, count = 1): void {
    this.expectedOperations.set(person.walletId, (this.expectedOperations.get(person.walletId) ?? 0) + count);
  }

  /** Expects a change of a balance that no provider knows of: a transfer or a vault. */
  expectChange(person: Person, currency: Currency, minor: bigint): void {
    this.#changes.push({ person, currency, minor });
  }

  changeOf(person: Person, currency: Currency): bigint {
    return this.#changes
      .filter((one) => one.person === person && one.currency === currency)
      .reduce((sum, { minor }) => sum + minor, 0n);
  }

  /** Records a violation unless `isTrue`. */
  check(isTrue: boolean, expected: string): void {
    if (!isTrue) this.violations.push(expected);
  }

  async post(person: Person, address: string, body: unknown, key?: string): Promise<ApiResponse> {
    const request = { token: person.apiKey, body, ...(key === undefined ? {} : { key }) };
    return await this.harness.call(address, request);
  }

  /** As {@link post}, for a request that must succeed. */
  async postOk(
    person: Person,
    address: string,
    body: unknown,
    key?: string,
  ): Promise<Record<string, unknown>> {
    const response = await this.post(person, address, body, key);
    this.check(
      response.status === 200,
      `${address} answers 200, not ${response.status} ${response.code ?? ""}`,
    );
    return response.body;
  }

  /** Pays a collection on the provider's payment page. */
  async pay(entry: BookEntry, action?: "cancel"): Promise<void> {
    const isPaystack = entry.paystack !== undefined;
    const page = isPaystack ? `/paystack/checkout/${entry.id}` : `/pay/${entry.id}`;
    await fetch(`${this.harness.deployment.sandbox.url}${page}`, {
      method: "POST",
      body: new URLSearchParams({ pin: "0000", action: action ?? (isPaystack ? "pay" : "confirm") }),
      redirect: "manual",
    });
  }

  /** The provider's book entries of a person's collections or payouts, newest last. */
  async entriesOf(person: Person, kind: "collection" | "payout"): Promise<BookEntry[]> {
    const rows = await this.harness.deployment.owner<{ reference: string }[]>`
      select reference from operations where wallet_id = ${person.walletId.toString()} order by id`;
    return rows.flatMap(({ reference }) => this.entryOf(kind, reference) ?? []);
  }

  entryOf(kind: "collection" | "payout", reference: string): BookEntry | null {
    const { book } = this.harness.deployment.sandbox;
    return book.find(kind, reference) ?? book.find(kind, `${reference.toLowerCase()}-payout`);
  }
}

/** A series of requests that hits some of the failpoints. */
export interface Workload {
  name: string;
  /** Names of the failpoints that it hits on every run. */
  reaches: RegExp;
  /** Prepares, calls `test.arm()`, sends the requests, and resolves when all of them have a definitive response. */
  run(test: CrashTest): Promise<void>;
}
