import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, givePin, recordPendingDeposit, type TestUser } from "@/e2e/support/people";
import { createSaver } from "@/e2e/support/vaults";
import { newReference } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import {
  type MethodRow,
  ProviderError,
  type ProviderState,
  type ProviderStatus,
} from "@/lib/providers/provider";
import type { Context } from "@/lib/services/context";
import type { OperationType } from "@/lib/services/operations/operation";
import { processWebhook } from "@/lib/services/provider-events/process-webhook";
import { receiveWebhook } from "@/lib/services/provider-events/receive-webhook";
import { placeWithdrawal } from "@/lib/services/withdrawals/place-withdrawal";
import type { Random } from "../random";
import { CALLERS, type RaceDatabase } from "./databases";

export const PHONE = "+22670000001";
const METHOD = { method: "wave", phone: PHONE } as const;
const LIMITS = { country: "BF", currency: "XOF", minMinor: 1n, maxMinor: 1_000_000n, stepMinor: 1n } as const;
const methods = (method: string): MethodRow[] => [
  { method, direction: "in", ...LIMITS },
  { method, direction: "out", ...LIMITS },
];

/** Two providers: one sends signed webhooks and can't be queried; the other can, and answers what `answers` holds. */
class RaceProviders {
  /** By reference. */
  readonly answers = new Map<string, ProviderState>();
  /** Calls for a payout, by this process's clock. */
  readonly payoutCalls: { reference: string; beganAt: number }[] = [];
  /** Duration of a payout call at both, in milliseconds. */
  payoutMs = 2;
  readonly all = [
    createFakeProvider("webhook_only", { methods: methods("wave") }),
    createFakeProvider("queryable", {
      methods: methods("orange_money"),
      queriesCollections: true,
      queriesPayouts: true,
    }),
  ];

  constructor() {
    const answer = async (reference: string) => {
      const state = this.answers.get(reference);
      if (!state) throw new ProviderError("unavailable", "nothing was scripted");
      return state;
    };
    Object.assign(this.all[1] ?? {}, { getCollection: answer, getPayout: answer });
    for (const provider of this.all) {
      provider.onPayout = async ({ reference }) => {
        this.payoutCalls.push({ reference, beganAt: performance.now() });
        await wait(this.payoutMs);
        return { providerReference: `out-${reference}` };
      };
    }
  }
}

export const PROVIDERS = new RaceProviders();

/** What a provider reports of a payment. */
interface Report {
  kind: "collection" | "payout";
  provider: string;
  reference: string;
  francs: bigint;
  status: ProviderStatus;
  eventKey: string;
}

const PROCESSES = [1, 3, CALLERS];

/** The database of a round with its random numbers: sets resources up, and reads what became of them. */
export class RaceSetup {
  readonly owner: RaceDatabase["owner"];
  readonly db: Database;
  #processes: number | undefined;

  constructor(
    readonly database: RaceDatabase,
    readonly random: Random,
  ) {
    this.owner = database.owner;
    this.db = database.databases?.[0] as Database;
  }

  /** The context of a worker or of an operator at the command line. */
  get system(): Context {
    return createContext(this.db, { kind: "system" });
  }

  /** A new user with francs in the wallet. */
  saver(francs = 0n): Promise<TestUser> {
    return createSaver(this.db, francs);
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

  /** The user's context in the process that the caller belongs to; without locks each caller has one of its own. */
  on({ context }: TestUser, caller: number): Context {
    return { ...context, db: this.database.databases[caller % this.processes] as Database };
  }

  /** How many processes the callers belong to. */
  get processes(): number {
    this.#processes ??= this.database.hasLocks ? this.random.pick(PROCESSES) : CALLERS;
    return this.#processes;
  }

  /** Gives a user {@link TEST_PIN}, with `wrongTries` wrong tries so far. */
  async givePin({ userId }: TestUser, wrongTries: number): Promise<void> {
    await givePin(this.db, userId);
    await this.owner`update pins set wrong_tries = ${wrongTries} where user_id = ${userId.toString()}`;
  }

  /** Records a pending deposit. Returns its reference. */
  deposit({ walletId }: TestUser, provider: string, francs: bigint): Promise<string> {
    return recordPendingDeposit(this.db, walletId, money(francs, "XOF"), { provider, ...METHOD });
  }

  /** Holds the money of a withdrawal that no worker has submitted yet. */
  async withdrawal({ walletId, context }: TestUser, provider: string, francs: bigint) {
    const order = { amount: money(francs, "XOF"), fee: money(0n, "XOF"), provider, ...METHOD, bank: null };
    const placement = { walletId, reference: newReference(), order };
    return await inTransaction(this.db, (tx) => placeWithdrawal(tx, { ...context, db: this.db }, placement));
  }

  /** What the queryable provider answers about a payment. */
  answer(reference: string, francs: bigint, status: ProviderStatus, providerReference: string | null = null) {
    PROVIDERS.answers.set(reference, providerState(money(francs, "XOF"), { status, providerReference }));
  }

  /** Receives a webhook of a fake provider, and processes the caller's turn of the stored ones about its payment. */
  async deliver({ francs, status, provider, reference, kind, eventKey }: Report, caller = 0): Promise<void> {
    const event = { ...providerState(money(francs, "XOF"), { status }), kind, reference, eventKey };
    const context = createContext(this.db, { kind: "provider", name: provider });
    await receiveWebhook(context, { provider, ...fakeWebhook(event) });
    const events = await this.owner<{ id: string }[]>`
      select id from webhook_events where reference = ${reference} order by id`;
    const stored = events[caller % Math.max(1, events.length)];
    if (stored) await processWebhook(this.system, BigInt(stored.id));
  }

  /** Available and held francs of a wallet. */
  async francsOf({ walletId }: TestUser): Promise<[available: bigint, held: bigint]> {
    const accounts = [chart.available(walletId, "XOF"), chart.held(walletId, "XOF")];
    const [available, held] = await getBalances(this.db, accounts);
    return [available?.amountMinor ?? 0n, held?.amountMinor ?? 0n];
  }

  async francsInVault({ walletId }: TestUser, vaultId: string): Promise<bigint> {
    const [balance] = await getBalances(this.db, [chart.vault(walletId, "XOF", BigInt(vaultId))]);
    return balance?.amountMinor ?? 0n;
  }

  /** Number of a wallet's operations of one type, or of all types but deposits. */
  countOperations({ walletId }: TestUser, type: OperationType | null = null): Promise<number> {
    return this.count`select count(*)::int from operations where wallet_id = ${walletId.toString()}
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
