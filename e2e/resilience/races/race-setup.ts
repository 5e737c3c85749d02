import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createUser, givePin, recordPendingDeposit, type TestUser } from "@/e2e/support/people";
import { createSaver } from "@/e2e/support/vaults";
import { newReference } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import type { ProviderStatus } from "@/lib/providers/provider";
import type { Context } from "@/lib/services/context";
import type { OperationType } from "@/lib/services/operations/operation";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { placeWithdrawal } from "@/lib/services/withdrawals/place-withdrawal";
import type { Random } from "../random";
import { type RaceDatabase, system } from "./race-database";

export const PHONE = "+22670000001";
const METHOD = { method: "wave", phone: PHONE } as const;

/** What a provider reports of a payment. */
interface Report {
  kind: "collection" | "payout";
  provider: string;
  reference: string;
  francs: bigint;
  status: ProviderStatus;
  eventKey: string;
}

/** The database of a round with its random numbers: sets resources up, and reads what became of them. */
export class RaceSetup {
  readonly owner: RaceDatabase["owner"];
  #databaseOf: ((caller: number) => Database) | undefined;

  constructor(
    readonly database: RaceDatabase,
    readonly random: Random,
  ) {
    this.owner = database.owner;
  }

  /** The context of a worker or of an operator at the command line. */
  get system(): Context {
    return system(this.database);
  }

  /** A new user without money. */
  user(): Promise<TestUser> {
    return createUser(this.database.db);
  }

  /** A new user with francs in the wallet. */
  saver(francs: bigint): Promise<TestUser> {
    return createSaver(this.database.db, francs);
  }

  /** A wallet or vault that suffices for `fits` debits of `francs`, and holds `rest` afterwards. */
  limit(): { francs: bigint; fits: number; rest: bigint; total: bigint } {
    const francs = this.francs(100, 500);
    const fits = this.random.int(3, 25);
    const rest = this.francs(0, Number(francs) - 1);
    return { francs, fits, rest, total: francs * BigInt(fits) + rest };
  }

  francs(from: number, to: number): bigint {
    return BigInt(this.random.int(from, to));
  }

  /** One of the users with large balances. */
  anybody(): TestUser {
    return this.random.pick(this.database.people);
  }

  /** The user's context in the process that the caller belongs to. */
  on({ context }: TestUser, caller: number): Context {
    this.#databaseOf ??= this.database.spread(this.random);
    return { ...context, db: this.#databaseOf(caller) };
  }

  /** Gives a user {@link TEST_PIN}, with `wrongTries` wrong tries so far. */
  async givePin({ userId }: TestUser, wrongTries: number): Promise<void> {
    await givePin(this.database.db, userId);
    await this.owner`update pins set wrong_tries = ${wrongTries} where user_id = ${userId.toString()}`;
  }

  /** Records a pending deposit. Returns its reference. */
  deposit({ walletId }: TestUser, provider: string, francs: bigint): Promise<string> {
    return recordPendingDeposit(this.database.db, walletId, money(francs, "XOF"), { provider, ...METHOD });
  }

  /** Holds the money of a withdrawal that no worker has submitted yet. */
  async withdrawal({ walletId, context }: TestUser, provider: string, francs: bigint) {
    const amount = money(francs, "XOF");
    const order = { amount, fee: money(0n, "XOF"), provider, ...METHOD, bank: null };
    const placement = { walletId, reference: newReference(), order };
    const { db } = this.database;
    return await inTransaction(db, (tx) => placeWithdrawal(tx, { ...context, db }, placement));
  }

  /** What the queryable provider answers about a payment. */
  answer(reference: string, francs: bigint, status: ProviderStatus, providerReference?: string): void {
    const known = { status, providerReference: providerReference ?? null };
    this.database.providers.answers.set(reference, providerState(money(francs, "XOF"), known));
  }

  /** Receives a webhook of a fake provider, and processes the caller's turn of the stored ones about its payment. */
  async deliver(report: Report, caller = 0): Promise<void> {
    const { francs, status, provider, reference, kind, eventKey } = report;
    const event = { ...providerState(money(francs, "XOF"), { status }), kind, reference, eventKey };
    const context: Context = { ...this.system, actor: { kind: "provider", name: provider } };
    await receiveWebhook(context, { provider, ...fakeWebhook(event) });
    const events = await this.owner<{ id: string }[]>`
      select id from webhook_events where reference = ${reference} order by id`;
    const stored = events[caller % Math.max(1, events.length)];
    if (stored) await processWebhook(this.system, BigInt(stored.id));
  }

  /** Available and held francs of a wallet. */
  async francsOf({ walletId }: TestUser): Promise<[available: bigint, held: bigint]> {
    const accounts = [chart.available(walletId, "XOF"), chart.held(walletId, "XOF")];
    const [available, held] = await getBalances(this.database.db, accounts);
    return [available?.amountMinor ?? 0n, held?.amountMinor ?? 0n];
  }

  async francsInVault({ walletId }: TestUser, vaultId: string): Promise<bigint> {
    const [balance] = await getBalances(this.database.db, [chart.vault(walletId, "XOF", BigInt(vaultId))]);
    return balance?.amountMinor ?? 0n;
  }

  /** Number of a wallet's operations of one type, or of all types but deposits. */
  async countOperations({ walletId }: TestUser, type: OperationType | null = null): Promise<number> {
    return await this.count`select count(*)::int from operations where wallet_id = ${walletId.toString()}
      and type = coalesce(${type}, type) and (${type}::text is not null or type <> 'deposit')`;
  }

  /** Number of journal entries of an operation, by their step. */
  async stepsOf(reference: string): Promise<Partial<Record<string, number>>> {
    const rows = await this.owner<{ step: string; count: number }[]>`
      select step, count(*)::int from ledger_entries where source = ${reference} group by step`;
    return Object.fromEntries(rows.map(({ step, count }) => [step, count]));
  }

  async operationOf(reference: string): Promise<{ id: bigint; state: string }> {
    const [row] = await this.owner<{ id: string; state: string }[]>`
      select id, state from operations where reference = ${reference}`;
    return { id: BigInt(row?.id ?? 0), state: row?.state ?? "none" };
  }

  /** The number that a query returns as `count`. */
  async count(query: TemplateStringsArray, ...values: (string | null)[]): Promise<number> {
    const [row] = await this.owner<{ count: number }[]>(query, ...values);
    return row?.count ?? 0;
  }
}
