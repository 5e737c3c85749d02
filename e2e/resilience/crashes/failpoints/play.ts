import type { Random } from "@/e2e/resilience/random";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import type { Currency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import type { BookEntry } from "@/lib/sandbox/book";
import { createApiKey } from "@/lib/services/api-access/keys/create-api-key";
import type { Reply, Stage } from "./crash-harness";

/** Somebody in a scenario: what their wallet must show at its end is counted along. */
export interface Player extends TestUser {
  apiKey: string;
  actor: TestUser["context"]["actor"];
}

interface Moved {
  player: Player;
  currency: Currency;
  minor: bigint;
}

/** One performance of a scenario: its people, and what must be true at the end. */
export class Play {
  readonly players: Player[] = [];
  readonly found: string[] = [];
  /** Operations that were asked for: each must be there once. */
  readonly asked = new Map<bigint, number>();
  /** References whose end an operator decided. */
  readonly decided = new Set<string>();
  #moved: Moved[] = [];
  #begun: () => Promise<void>;

  constructor(
    readonly stage: Stage,
    readonly random: Random,
    begun: () => Promise<void>,
  ) {
    this.#begun = begun;
  }

  /** The end of what was only prepared: from here the point is armed. */
  async begin(): Promise<void> {
    await this.#begun();
  }

  /** A new person with money, and an API key that may do everything. */
  async person(funds: Partial<Record<Currency, bigint>> = {}): Promise<Player> {
    const { db } = this.stage.deployment;
    const user = await createUser(db);
    const { apiKey } = await createApiKey(user.context, {
      name: "Proof",
      permissions: ["deposit", "transfer", "read", "withdraw"],
      expiry: "1D",
    });
    const player = { ...user, apiKey, actor: user.context.actor };
    this.players.push(player);
    for (const [currency, minor] of Object.entries(funds) as [Currency, bigint][]) {
      await fundWallet(db, user.walletId, money(minor, currency));
    }
    this.asked.set(user.walletId, Object.keys(funds).length);
    return player;
  }

  key(): string {
    return `key-${this.random.hex(8)}`;
  }

  /** `count` operations were asked for by `player`, each by a key of its own. */
  asks(player: Player, count = 1): void {
    this.asked.set(player.walletId, (this.asked.get(player.walletId) ?? 0) + count);
  }

  /** What moved within the deployment; the provider's book tells the rest. */
  moves(player: Player, currency: Currency, minor: bigint): void {
    this.#moved.push({ player, currency, minor });
  }

  movedOf(player: Player, currency: Currency): bigint {
    return this.#moved
      .filter((one) => one.player === player && one.currency === currency)
      .reduce((sum, { minor }) => sum + minor, 0n);
  }

  /** Notes what should have been true and wasn't. */
  check(isTrue: boolean, expected: string): void {
    if (!isTrue) this.found.push(expected);
  }

  async post(player: Player, address: string, body: unknown, key?: string): Promise<Reply> {
    const posted = { token: player.apiKey, body, ...(key === undefined ? {} : { key }) };
    return await this.stage.call(address, posted);
  }

  /** As {@link post}, for what must work. */
  async ok(player: Player, address: string, body: unknown, key?: string): Promise<Record<string, unknown>> {
    const reply = await this.post(player, address, body, key);
    this.check(reply.status === 200, `${address} answers 200, not ${reply.status} ${reply.code ?? ""}`);
    return reply.body;
  }

  /** Pays a collection on the provider's own page, as the person would. */
  async pay(entry: BookEntry, action?: "cancel"): Promise<void> {
    const isPaystack = entry.paystack !== undefined;
    const page = isPaystack ? `/paystack/checkout/${entry.id}` : `/pay/${entry.id}`;
    await fetch(`${this.stage.deployment.sandbox.url}${page}`, {
      method: "POST",
      body: new URLSearchParams({ pin: "0000", action: action ?? (isPaystack ? "pay" : "confirm") }),
      redirect: "manual",
    });
  }

  /** What the provider has on its books of a player's collections or payouts, newest last. */
  async entriesOf(player: Player, kind: "collection" | "payout"): Promise<BookEntry[]> {
    const rows = await this.stage.deployment.owner<{ reference: string }[]>`
      select reference from operations where wallet_id = ${player.walletId.toString()} order by id`;
    return rows.flatMap(({ reference }) => this.entryOf(kind, reference) ?? []);
  }

  entryOf(kind: "collection" | "payout", reference: string): BookEntry | null {
    const { book } = this.stage.deployment.sandbox;
    return book.find(kind, reference) ?? book.find(kind, `${reference.toLowerCase()}-payout`);
  }
}

/** A course of events that passes some of the points. */
export interface Scenario {
  name: string;
  /** The places whose points it passes, each time that it is played. */
  reaches: RegExp;
  /** Prepares, calls `play.begin()`, and does what passes the points; answers once everybody has an answer. */
  run(play: Play): Promise<void>;
}
