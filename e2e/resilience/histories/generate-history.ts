import type { Currency } from "@/lib/money/currency";
import type { Random } from "../random";
import {
  type HistoryPlan,
  MANAGER,
  type Operation,
  type Payer,
  type Strategy,
  type TransferItem,
} from "./plan";
import {
  DEPOSIT_SCENARIOS,
  type ProviderScenario,
  plainAmount,
  scenarioOf,
  WITHDRAWAL_SCENARIOS,
} from "./provider-scenarios";

const FUNDERS = 2;
const HOT = 4;
const HANG_UP_MS_MAX = 14;

/** A random history. */
export function generateHistory(random: Random): HistoryPlan {
  const people = random.int(8, 40);
  const generator = new HistoryGenerator(random, people);
  const count = random.int(60, 150);
  const needed = generator.needed();
  const others = Array.from({ length: Math.max(0, count - needed.length) }, () => generator.any());
  return {
    people,
    opening: generator.opening(),
    operations: generator.placeRevocation(random.shuffle([...needed, ...others])),
    webhookResends: Array.from({ length: random.int(1, 4) }, () => random.int(0, 1_000)),
  };
}

class HistoryGenerator {
  #slowLeft: number;
  /** The last transfer's owner and key: another person may use the same key. */
  #last: { who: number; key: string } | null = null;

  constructor(
    readonly random: Random,
    readonly people: number,
  ) {
    // A slow response blocks one job of the worker for ten seconds.
    this.#slowLeft = random.chance(0.04) ? 1 : 0;
  }

  opening(): HistoryPlan["opening"] {
    const deposits: Operation[] = [];
    const lists: Operation[] = [];
    for (let who = 0; who < FUNDERS; who += 1) {
      for (const currency of ["XOF", "NGN"] as const) {
        const unit = currency === "XOF" ? 1 : 100;
        const items: TransferItem[] = [];
        for (let to = 0; to < this.people; to += 1) {
          const isLeftOut = to === who || (currency === "NGN" && this.random.chance(0.4));
          if (!isLeftOut) items.push({ to, currency, amount: this.random.int(500, 6_000) * unit });
        }
        const kept = this.random.int(60_000, 200_000) * unit;
        const amount = items.reduce((sum, item) => sum + item.amount, kept);
        const scenario = scenarioOf(DEPOSIT_SCENARIOS[currency], "plain");
        const once = { strategy: { kind: "once" } as const };
        deposits.push({
          kind: "deposit",
          who,
          currency,
          scenario,
          amount,
          payer: "confirm",
          key: this.#key(),
          ...once,
        });
        lists.push({ kind: "list", who, items, key: this.#key(), ...once });
      }
    }
    const amount = this.random.int(1, 400);
    const saving = {
      kind: "vault",
      what: "put",
      amount,
      key: this.#key(),
      strategy: { kind: "once" },
    } as const;
    return { deposits, lists, saving };
  }

  /** Operations that every history has, so that no fault depends on chance. */
  needed(): Operation[] {
    const { random } = this;
    const revokedInUse = Array.from(
      { length: random.int(6, 10) },
      (): Operation =>
        random.chance(0.5)
          ? this.#transfer({ who: MANAGER, revokedInUse: true })
          : this.#balance(MANAGER, true),
    );
    const strategies: Strategy[] = [
      { kind: "concurrent", copies: 3 },
      { kind: "replay" },
      { kind: "other_body" },
    ];
    const disconnects = Array.from({ length: 3 }, (): Strategy => this.#disconnect());
    return [
      ...revokedInUse,
      ...[...strategies, ...disconnects].map((strategy) =>
        this.#transfer({ who: 0, amount: random.int(1, 300), strategy }),
      ),
      this.#transfer({ who: random.int(0, this.people - 1), amount: 1_500_000_000 }),
      this.#withdrawal("XOF", scenarioOf(WITHDRAWAL_SCENARIOS.XOF, "payout_failed"), 0),
      this.#withdrawal("XOF", scenarioOf(WITHDRAWAL_SCENARIOS.XOF, "payout_reversed"), 0),
      this.#deposit("XOF", scenarioOf(DEPOSIT_SCENARIOS.XOF, "payment_amount_lower"), "confirm"),
      { kind: "key", what: "rollover", copies: 3 },
      { kind: "key", what: "list", copies: 1 },
    ];
  }

  any(): Operation {
    const { random } = this;
    const kind = random.weighted({
      ...{ transfer: 34, list: 3, deposit: 8, withdrawal: 12, balance: 18, transactions: 4, status: 4 },
      ...{ vault: 3, vault_lock: 0.4, key: 4 },
    });
    const currency = random.chance(0.7) ? "XOF" : "NGN";
    switch (kind) {
      case "transfer":
        return this.#transfer({});
      case "list": {
        const items = Array.from({ length: random.int(1, 12) }, () => this.#item(currency));
        return { kind, who: this.#anybody(), items, key: this.#key(), strategy: this.#strategy(true) };
      }
      case "deposit": {
        const payer = random.weighted({ confirm: 14, twice: 2, cancel: 2, never: 1 });
        return this.#deposit(currency, this.#scenario(DEPOSIT_SCENARIOS[currency]), payer);
      }
      case "withdrawal":
        return this.#withdrawal(currency, this.#scenario(WITHDRAWAL_SCENARIOS[currency]), this.#anybody());
      case "balance":
        return this.#balance(this.#anybody(), false);
      case "transactions":
        return { kind, who: this.#anybody(), limit: random.int(3, 25) };
      case "status":
        return { kind, who: this.#anybody() };
      case "vault": {
        const what = random.chance(0.6) ? "put" : "take";
        return { kind, what, amount: random.int(1, 2_000), key: this.#key(), strategy: this.#strategy(true) };
      }
      case "vault_lock":
        return { kind, days: random.int(2, 400) };
      default:
        return { kind: "key", what: random.chance(0.7) ? "create" : "list", copies: random.int(1, 3) };
    }
  }

  /** Puts the revocation in the middle of the uses of its key. */
  placeRevocation(operations: Operation[]): Operation[] {
    const uses = operations.flatMap((operation, at) =>
      "revokedInUse" in operation && operation.revokedInUse ? [at] : [],
    );
    const middle = uses[Math.floor(uses.length / 2)] ?? 0;
    const revoke: Operation = { kind: "key", what: "revoke", copies: this.random.int(1, 2) };
    return [...operations.slice(0, middle), revoke, ...operations.slice(middle)];
  }

  #transfer(fixed: Partial<Extract<Operation, { kind: "transfer" }>>): Operation {
    const currency = this.random.chance(0.7) ? "XOF" : "NGN";
    const item = this.#item(currency);
    const who = fixed.who ?? this.#anybody();
    const to = item.to === who ? "self" : item.to;
    const isShared = this.#last !== null && this.#last.who !== who && this.random.chance(0.05);
    const key = isShared && this.#last ? this.#last.key : this.#key();
    this.#last = isShared ? null : { who, key };
    const keyed = { key, strategy: this.#strategy(false) };
    return { kind: "transfer", revokedInUse: false, ...keyed, ...item, ...fixed, who, to };
  }

  #item(currency: Currency): TransferItem {
    const to = this.random.chance(0.03) ? "unknown" : this.#anybody();
    return {
      to,
      currency,
      amount: this.random.int(1, 4_000) * (currency === "XOF" ? 1 : this.random.int(60, 140)),
    };
  }

  #deposit(currency: Currency, scenario: ProviderScenario, payer: Payer): Operation {
    const wanted = this.random.int(150, 9_000) * (currency === "XOF" ? 1 : 100);
    const amount = scenario.amountMinor ?? plainAmount(currency, wanted);
    const strategy = this.#strategy(true);
    return {
      kind: "deposit",
      who: this.#anybody(),
      currency,
      scenario,
      amount,
      payer,
      key: this.#key(),
      strategy,
    };
  }

  #withdrawal(currency: Currency, scenario: ProviderScenario, who: number): Operation {
    const wanted = this.random.int(150, 4_000) * (currency === "XOF" ? 1 : 100);
    const amount = scenario.amountMinor ?? plainAmount(currency, wanted);
    return {
      kind: "withdrawal",
      who,
      currency,
      scenario,
      amount,
      key: this.#key(),
      strategy: this.#strategy(true),
    };
  }

  #balance(who: number, revokedInUse: boolean): Operation {
    return { kind: "balance", who, revokedInUse, currency: this.random.chance(0.5) ? "XOF" : "NGN" };
  }

  #scenario(all: readonly ProviderScenario[]): ProviderScenario {
    const weights = Object.fromEntries(all.map(({ code, weight }) => [code, weight]));
    const drawn = scenarioOf(all, this.random.weighted(weights));
    if (drawn.isSlow && this.#slowLeft === 0) return scenarioOf(all, "plain");
    if (drawn.isSlow) this.#slowLeft -= 1;
    return drawn;
  }

  /** Without a key only where the oracle needs none to find the operation. */
  #strategy(isKeyed: boolean): Strategy {
    const kind = this.random.weighted({
      ...{ once: 60, keyless: isKeyed ? 0 : 6, concurrent: 8, replay: 6, other_body: 4, disconnect: 10 },
    });
    if (kind === "concurrent") return { kind, copies: this.random.int(2, 4) };
    return kind === "disconnect" ? this.#disconnect() : { kind };
  }

  #disconnect(): Strategy {
    return { kind: "disconnect", afterMs: this.random.int(0, HANG_UP_MS_MAX) };
  }

  #anybody(): number {
    const isHot = this.random.chance(0.4);
    return this.random.int(0, (isHot ? Math.min(HOT, this.people) : this.people) - 1);
  }

  #key(): string {
    return `key-${this.random.hex(8)}`;
  }
}
