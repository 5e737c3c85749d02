import type { Currency } from "@/lib/money/currency";
import type { Random } from "../random";
import {
  type HistoryPlan,
  MANAGER,
  type Operation,
  type Order,
  type Strategy,
  type TransferItem,
  type TransferList,
} from "./plan";
import { plainAmount, providerScenario, providerScenarios } from "./provider-scenarios";

const FUNDERS = 2;
/** So many people take part in most operations. */
const BUSY = 4;
const DISCONNECT_MS_MAX = 14;
/** More than anybody has. */
const TOO_MUCH = 1_500_000_000;

type Kind<K extends Operation["kind"]> = Extract<Operation, { kind: K }>;

/** How often each kind is drawn, relative to the others. */
const WEIGHTS = {
  ...{ transfer: 34, list: 3, deposit: 8, withdrawal: 12, balance: 18, transactions: 4, status: 4 },
  ...{ vault_deposit: 1.8, vault_withdrawal: 1.2, vault_lock: 0.4, key: 4 },
} as const satisfies Record<Operation["kind"], number>;

/** A random history. */
export function generateHistory(random: Random): HistoryPlan {
  const draw = new OperationGenerator(random);
  const count = random.int(60, 150);
  const needed = draw.needed();
  const others = Array.from({ length: Math.max(0, count - needed.length) }, () => draw.any()).flat();
  return {
    people: draw.people,
    opening: draw.opening(),
    operations: placeRevocation(random, random.shuffle([...needed, ...others])),
    webhookResends: Array.from({ length: random.int(1, 4) }, () => random.int(0, 1_000)),
  };
}

/** Revokes the key that is in use in the middle of its uses. */
function placeRevocation(random: Random, operations: Operation[]): Operation[] {
  const uses = [...operations.keys()].filter((at) => {
    const operation = operations[at];
    return operation && "usesRevokedKey" in operation && operation.usesRevokedKey;
  });
  const revocation: Operation = { kind: "key", what: "revoke", copies: random.int(1, 2) };
  return operations.toSpliced(uses[Math.floor(uses.length / 2)] ?? 0, 0, revocation);
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
    const deposits: Order[] = [];
    const lists: TransferList[] = [];
    const once = { strategy: { kind: "once" } } as const;
    for (const currency of ["XOF", "NGN"] as const) {
      const unit = currency === "XOF" ? 1 : 100;
      for (let who = 0; who < FUNDERS; who += 1) {
        const recipients = [...Array(this.people).keys()].filter(
          (to) => to !== who && (currency === "XOF" || random.chance(0.6)),
        );
        const items = recipients.map((to) => ({ to, currency, amount: random.int(500, 6_000) * unit }));
        const kept = random.int(60_000, 200_000) * unit;
        const amount = items.reduce((sum, item) => sum + item.amount, kept);
        const provider = providerScenario("deposit", currency);
        deposits.push({ ...this.deposit({ who, currency, provider, amount, payer: "confirm" }), ...once });
        lists.push({ ...this.list({ who, items }), ...once });
      }
    }
    return { deposits, lists, saving: { ...this.vault("vault_deposit", 400), ...once } };
  }

  /** Operations that every history has, so that no fault depends on chance. */
  needed(): Operation[] {
    const { random } = this;
    const strategies: Strategy[] = [
      ...([{ kind: "concurrent", copies: 3 }, { kind: "replay" }, { kind: "misuse" }] as const),
      ...Array.from({ length: 3 }, () => this.#disconnect()),
    ];
    const revoked = { who: MANAGER, usesRevokedKey: true };
    const withdrawals = ["payout_failed", "payout_reversed"].map((code) =>
      this.withdrawal({ who: 0, currency: "XOF", provider: providerScenario("withdrawal", "XOF", code) }),
    );
    const lower = providerScenario("deposit", "XOF", "payment_amount_lower");
    return [
      ...Array.from({ length: random.int(6, 10) }, () =>
        random.chance(0.5) ? this.transfer(revoked) : this.balance(revoked),
      ),
      ...strategies.map((strategy) => this.transfer({ who: 0, amount: random.int(1, 300), strategy })),
      this.transfer({ amount: TOO_MUCH }),
      ...withdrawals,
      this.deposit({ currency: "XOF", provider: lower, payer: "confirm" }),
      { kind: "key", what: "rollover", copies: 3 },
      { kind: "key", what: "list", copies: 1 },
    ];
  }

  /** One random operation; of transfers sometimes two, by two people with the same key: neither may notice the other. */
  any(): Operation[] {
    const { random } = this;
    const kind = random.weighted(WEIGHTS);
    if (kind === "transfer") {
      const first = this.transfer({});
      const second = this.transfer({ key: first.key });
      return random.chance(0.05) && first.who !== second.who ? [first, second] : [first];
    }
    if (kind === "vault_deposit" || kind === "vault_withdrawal") return [this.vault(kind, 2_000)];
    if (kind === "list" || kind === "deposit" || kind === "withdrawal") return [this[kind]({})];
    if (kind === "balance") return [this.balance({})];
    if (kind === "transactions") return [{ kind, who: this.#anybody(), limit: random.int(3, 25) }];
    if (kind === "status") return [{ kind, who: this.#anybody() }];
    if (kind === "vault_lock") return [{ kind, days: random.int(2, 400) }];
    return [{ kind, what: random.chance(0.7) ? "create" : "list", copies: random.int(1, 3) }];
  }

  transfer(fixed: Partial<Kind<"transfer">>): Kind<"transfer"> {
    const who = this.#anybody();
    const strategies = { keyless: 6 };
    return {
      ...{ kind: "transfer", who, usesRevokedKey: false, ...this.#item(this.#currency()) },
      ...{ ...this.#keyed(strategies), ...fixed },
    };
  }

  list(fixed: Partial<TransferList>): TransferList {
    const currency = this.#currency();
    const items = Array.from({ length: this.random.int(1, 12) }, () => this.#item(currency));
    return { kind: "list", who: this.#anybody(), items, ...this.#keyed(), ...fixed };
  }

  deposit(fixed: Partial<Kind<"deposit">>): Kind<"deposit"> {
    const payer = this.random.weighted({ confirm: 14, twice: 2, cancel: 2, never: 1 });
    return { kind: "deposit", payer, ...this.#atProvider("deposit", 9_000, fixed), ...fixed };
  }

  withdrawal(fixed: Partial<Kind<"withdrawal">>): Kind<"withdrawal"> {
    return { kind: "withdrawal", ...this.#atProvider("withdrawal", 4_000, fixed), ...fixed };
  }

  vault(kind: "vault_deposit" | "vault_withdrawal", max: number): Kind<typeof kind> {
    return { kind, amount: this.random.int(1, max), ...this.#keyed() };
  }

  balance(fixed: Partial<Kind<"balance">>): Kind<"balance"> {
    const currency = this.random.pick(["XOF", "NGN"] as const);
    return { kind: "balance", who: this.#anybody(), currency, usesRevokedKey: false, ...fixed };
  }

  #item(currency: Currency): TransferItem {
    const to = this.random.chance(0.03) ? "unknown" : this.#anybody();
    const unit = currency === "XOF" ? 1 : this.random.int(60, 140);
    return { to, currency, amount: this.random.int(1, 4_000) * unit };
  }

  /** In the plain scenario half of the time. */
  #atProvider(type: "deposit" | "withdrawal", max: number, fixed: Partial<Kind<"deposit" | "withdrawal">>) {
    const { random } = this;
    const { currency = this.#currency() } = fixed;
    const others = providerScenarios(type, currency).filter(({ isSlow }) => this.#maySlow || !isSlow);
    const { provider = random.chance(0.5) ? providerScenario(type, currency) : random.pick(others) } = fixed;
    const wanted = random.int(150, max) * (currency === "XOF" ? 1 : 100);
    const amount = provider.amountMinor ?? plainAmount(currency, wanted);
    return { who: this.#anybody(), currency, provider, amount, ...this.#keyed() };
  }

  #keyed(more: { keyless?: number } = {}): { key: string; strategy: Strategy } {
    const { random } = this;
    const kind = random.weighted({
      ...{ once: 60, concurrent: 8, replay: 6, misuse: 4, disconnect: 10, keyless: 0, ...more },
    });
    const strategies: Partial<Record<Strategy["kind"], () => Strategy>> = {
      concurrent: () => ({ kind: "concurrent", copies: random.int(2, 4) }),
      disconnect: () => this.#disconnect(),
    };
    return { key: `key-${random.hex(8)}`, strategy: strategies[kind]?.() ?? ({ kind } as Strategy) };
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
