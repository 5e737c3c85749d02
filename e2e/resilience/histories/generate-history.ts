import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import type { Random } from "../random";
import {
  type HistoryPlan,
  LOCK_DAYS_MIN,
  MANAGER,
  type Operation,
  type Order,
  SAVER,
  type Strategy,
  type TransferItem,
  type TransferList,
} from "./plan";
import {
  type ProviderScenario,
  plainAmount,
  providerScenario,
  providerScenarios,
} from "./provider-scenarios";

const FUNDERS = 2;
/** So many people take part in most operations. */
const BUSY = 4;
const DISCONNECT_MS_MAX = 14;
/** More than anybody has. */
const TOO_MUCH = 1_500_000_000;

/** How often each kind is drawn, relative to the others. */
const WEIGHTS = {
  ...{ transfer: 34, list: 3, deposit: 8, withdrawal: 12, balance: 18, transactions: 4, status: 4 },
  ...{ vault_deposit: 1.8, vault_withdrawal: 1.2, vault_lock: 0.4, key: 3 },
} as const satisfies Record<Operation["kind"], number>;

/** A random history. */
export function generateHistory(random: Random): HistoryPlan {
  const draw = new OperationGenerator(random);
  const needed = draw.needed();
  const others = Array.from({ length: random.int(60, 150) - needed.length }, () => draw.any()).flat();
  const operations = random.shuffle([...needed, ...others]);
  // Revoked in the middle of its uses.
  const uses = [...operations.keys()].filter((at) => usesRevokedKey(operations[at]));
  const revocation: Operation = { kind: "key", what: "revoke", copies: random.int(1, 2) };
  return {
    people: draw.people,
    opening: draw.opening(),
    operations: operations.toSpliced(uses[Math.floor(uses.length / 2)] ?? 0, 0, revocation),
    webhookResends: Array.from({ length: random.int(1, 4) }, () => random.int(0, 1_000)),
  };
}

function usesRevokedKey(operation: Operation | undefined): boolean {
  return operation !== undefined && "usesRevokedKey" in operation && operation.usesRevokedKey;
}

class OperationGenerator {
  readonly people: number;
  /** A slow provider blocks one job of the worker for ten seconds. */
  readonly #maySlow: boolean;

  constructor(readonly random: Random) {
    this.people = random.int(8, 40);
    this.#maySlow = random.chance(0.1);
  }

  /** Each funder deposits enough in both currencies, and sends some of it to the others. */
  opening(): HistoryPlan["opening"] {
    const { random } = this;
    const once = { kind: "once" } as const;
    const funding = [...Array(FUNDERS).keys()].flatMap((who) =>
      (["XOF", "NGN"] as const).map((currency) => {
        const unit = currency === "XOF" ? 1 : 100;
        const recipients = [...Array(this.people).keys()].filter(
          (to) => to !== who && (currency === "XOF" || random.chance(0.6)),
        );
        const items = recipients.map((to) => ({ to, currency, amount: random.int(500, 6_000) * unit }));
        const kept = random.int(60_000, 200_000) * unit;
        const amount = items.reduce((sum, item) => sum + item.amount, kept);
        const provider = providerScenario("deposit", currency);
        const fixed = { who, currency, provider, amount, payer: "confirm", strategy: once } as const;
        return { deposit: this.order("deposit", fixed), list: this.#list({ who, items, strategy: once }) };
      }),
    );
    return {
      deposits: funding.map(({ deposit }) => deposit),
      lists: funding.map(({ list }) => list),
      saving: this.order("vault_deposit", { amount: random.int(1, 400), strategy: once }),
    };
  }

  /** Operations that every history has, so that no fault depends on chance. */
  needed(): Operation[] {
    const { random } = this;
    const strategies: Strategy[] = [
      ...([{ kind: "concurrent", copies: 3 }, { kind: "replay" }, { kind: "misuse" }] as const),
      ...Array.from({ length: 3 }, () => this.#disconnect()),
    ];
    const revoked = { who: MANAGER, usesRevokedKey: true };
    const atProvider = (type: "deposit" | "withdrawal", code: string) =>
      ({ who: 0, currency: "XOF", provider: providerScenario(type, "XOF", code), payer: "confirm" }) as const;
    return [
      ...Array.from({ length: random.int(6, 10) }, () =>
        random.chance(0.5) ? this.order("transfer", revoked) : this.#balance(revoked),
      ),
      ...strategies.map((strategy) =>
        this.order("transfer", { who: 0, amount: random.int(1, 300), strategy }),
      ),
      this.order("transfer", { amount: TOO_MUCH }),
      this.order("withdrawal", atProvider("withdrawal", "payout_failed")),
      this.order("withdrawal", atProvider("withdrawal", "payout_reversed")),
      this.order("deposit", atProvider("deposit", "payment_amount_lower")),
    ];
  }

  /** One random operation; of transfers sometimes two, by two people with the same key: neither may notice the other. */
  any(): Operation[] {
    const { random } = this;
    const kind = random.weighted(WEIGHTS);
    const who = this.#anybody();
    switch (kind) {
      case "list":
        return [this.#list()];
      case "balance":
        return [this.#balance()];
      case "transactions":
        return [{ kind, who, limit: random.int(3, 25) }];
      case "status":
        return [{ kind, who }];
      case "vault_lock":
        return [{ kind, days: random.int(LOCK_DAYS_MIN, 400) }];
      case "key":
        return [{ kind, what: "create", copies: random.int(1, 3) }];
      default: {
        const order = this.order(kind);
        const isShared = kind === "transfer" && order.who !== who && random.chance(0.05);
        return isShared ? [order, this.order(kind, { who, key: order.key })] : [order];
      }
    }
  }

  order(kind: OperationType, fixed: Partial<Order> = {}): Order {
    const { random } = this;
    const isVault = kind === "vault_deposit" || kind === "vault_withdrawal";
    const { currency = isVault ? "XOF" : this.#currency() } = fixed;
    const { to, amount } = this.#item(currency);
    const provider = fixed.provider ?? this.#provider(kind, currency);
    return {
      ...{ kind, who: isVault ? SAVER : this.#anybody(), to: kind === "transfer" ? to : null, currency },
      ...{ provider, amount: provider ? (provider.amount ?? plainAmount(currency, amount)) : amount },
      ...{ payer: random.weighted({ confirm: 14, twice: 2, cancel: 2, never: 1 }), usesRevokedKey: false },
      ...{ ...this.#keyed(kind === "transfer" ? 6 : 0), ...fixed },
    };
  }

  #list(fixed: Partial<TransferList> = {}): TransferList {
    const currency = this.#currency();
    const items = Array.from({ length: this.random.int(1, 12) }, () => this.#item(currency));
    return { kind: "list", who: this.#anybody(), items, ...this.#keyed(), ...fixed };
  }

  #balance(fixed: { who?: number; usesRevokedKey?: boolean } = {}): Operation {
    const currency = this.random.pick(["XOF", "NGN"] as const);
    return { kind: "balance", who: this.#anybody(), currency, usesRevokedKey: false, ...fixed };
  }

  #item(currency: Currency): TransferItem {
    const to = this.random.chance(0.03) ? "unknown" : this.#anybody();
    return { to, currency, amount: this.random.int(150, 5_000) * (currency === "XOF" ? 1 : 100) };
  }

  /** The plain scenario half of the time. */
  #provider(kind: OperationType, currency: Currency): ProviderScenario | null {
    if (kind !== "deposit" && kind !== "withdrawal") return null;
    if (this.random.chance(0.5)) return providerScenario(kind, currency);
    return this.random.pick(
      providerScenarios(kind, currency).filter(({ isSlow }) => this.#maySlow || !isSlow),
    );
  }

  #keyed(keyless = 0): { key: string; strategy: Strategy } {
    const { random } = this;
    const weights = { once: 60, concurrent: 8, replay: 6, misuse: 4, disconnect: 10, keyless };
    const kind = random.weighted(weights);
    const others: Strategy = kind === "disconnect" ? this.#disconnect() : ({ kind } as Strategy);
    const strategy: Strategy = kind === "concurrent" ? { kind, copies: random.int(2, 4) } : others;
    return { key: `key-${random.hex(8)}`, strategy };
  }

  #disconnect(): Strategy {
    return { kind: "disconnect", afterMs: this.random.int(0, DISCONNECT_MS_MAX) };
  }

  #currency(): Currency {
    return this.random.chance(0.7) ? "XOF" : "NGN";
  }

  #anybody(): number {
    const isBusy = this.random.chance(0.4);
    return this.random.int(0, (isBusy ? Math.min(BUSY, this.people) : this.people) - 1);
  }
}
