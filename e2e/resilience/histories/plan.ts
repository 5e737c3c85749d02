import fc from "fast-check";
import type { Currency } from "@/lib/money/currency";
import type { OperationType } from "@/lib/services/operations/kinds";
import {
  type ProviderScenario,
  plainAmount,
  providerScenario,
  providerScenarios,
} from "./provider-scenarios";

/** Position of the person who has a vault. */
export const SAVER = 2;

/**
 * How a request is sent: `concurrent` copies with one key, a `replay` of the key afterwards, `misuse` of the key for another
 * body afterwards, or a `disconnect` before the response.
 */
export type Strategy =
  | { kind: "once" | "keyless" | "replay" | "misuse" }
  | { kind: "concurrent"; copies: number }
  | { kind: "disconnect"; afterMs: number };

interface Keyed {
  /** A person's position. */
  who: number;
  key: string;
  strategy: Strategy;
}

export interface TransferItem {
  /** The recipient, who may be the sender; nobody has the number of an unknown one. */
  to: number | "unknown";
  currency: Currency;
  /** In minor units. */
  amount: number;
}

/** Moves money once. */
/** What a person can order by API or form alone; tontines have histories of their own. */
export type OrderedType = Exclude<OperationType, `tontine_${string}`>;

export interface Order extends Keyed, Omit<TransferItem, "to"> {
  kind: OrderedType;
  /** Null unless it is a transfer. */
  to: TransferItem["to"] | null;
  /** Null unless it is a deposit or withdrawal. */
  provider: ProviderScenario | null;
  /** What the payer of a deposit does on the payment page; `twice` submits it two times at once. */
  payer: "confirm" | "twice" | "cancel" | "never";
}

export interface TransferList extends Keyed {
  kind: "list";
  items: TransferItem[];
}

export type Operation =
  | Order
  | TransferList
  | { kind: "balance"; who: number; currency: Currency }
  | { kind: "transactions"; who: number; limit: number }
  | { kind: "status"; who: number };

export interface HistoryPlan {
  people: number;
  /** Run by concurrent workers. */
  operations: Operation[];
  /** Positions of webhooks that are sent again at the end. */
  webhookResends: number[];
}

/** So many people take part in most operations. */
const BUSY = 4;
const DISCONNECT_MS_MAX = 14;
/** More than anybody has. */
const TOO_MUCH = 1_500_000_000;

type Choices<T> = [weight: number, choice: T][];

/** One of several arbitraries, in proportion to their weights. */
const weighted = <T>(...choices: Choices<fc.Arbitrary<T>>): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
/** One of several values. */
const chosen = <T>(...choices: Choices<T>): fc.Arbitrary<T> =>
  weighted<T>(...choices.map(([weight, value]): [number, fc.Arbitrary<T>] => [weight, fc.constant(value)]));
const int = (min: number, max: number) => fc.integer({ min, max });

const CURRENCY = chosen<Currency>([7, "XOF"], [3, "NGN"]);
const PAYER = chosen<Order["payer"]>([14, "confirm"], [2, "twice"], [2, "cancel"], [1, "never"]);
const DISCONNECT = int(0, DISCONNECT_MS_MAX).map((afterMs): Strategy => ({ kind: "disconnect", afterMs }));
const CONCURRENT = int(2, 4).map((copies): Strategy => ({ kind: "concurrent", copies }));
const STRATEGY = weighted<Strategy>(
  [76, chosen<Strategy>([60, { kind: "once" }], [6, { kind: "replay" }], [4, { kind: "misuse" }])],
  [8, CONCURRENT],
  [10, DISCONNECT],
);

/** A random history. */
export const HISTORY: fc.Arbitrary<HistoryPlan> = fc.noBias(
  fc
    .record({ people: int(8, 40), maySlow: chosen([1, true], [9, false]) })
    .chain(({ people, maySlow }) => historyOf(people, maySlow)),
);

function historyOf(people: number, maySlow: boolean): fc.Arbitrary<HistoryPlan> {
  const anybody = weighted(
    [4, fc.nat({ max: Math.min(BUSY, people) - 1 })],
    [6, fc.nat({ max: people - 1 })],
  );
  const keyed = { who: anybody, key: fc.stringMatching(/^key-[0-9a-f]{16}$/), strategy: STRATEGY };
  const itemIn = (currency: Currency): fc.Arbitrary<TransferItem> =>
    fc.record({
      to: weighted<TransferItem["to"]>([97, anybody], [3, fc.constant("unknown")]),
      currency: fc.constant(currency),
      amount: int(150, 5_000).map((units) => units * (currency === "XOF" ? 1 : 100)),
    });
  const order = (kind: OrderedType, fixed: Partial<Order> = {}): fc.Arbitrary<Order> =>
    CURRENCY.chain((drawn) => {
      const isVault = kind.startsWith("vault_");
      const currency = isVault ? "XOF" : (fixed.currency ?? drawn);
      const parts = { ...keyed, item: itemIn(currency), provider: providerIn(kind, currency, maySlow) };
      return fc.record({ ...parts, payer: PAYER }).map(({ item, ...rest }): Order => {
        const provider = fixed.provider ?? rest.provider;
        const amount = provider ? (provider.amount ?? plainAmount(currency, item.amount)) : item.amount;
        const who = isVault ? SAVER : rest.who;
        return {
          ...rest,
          ...item,
          kind,
          who,
          to: kind === "transfer" ? item.to : null,
          provider,
          amount,
          ...fixed,
        };
      });
    });
  const items = CURRENCY.chain((currency) => fc.array(itemIn(currency), { minLength: 1, maxLength: 12 }));
  const any = weighted<Operation>(
    ...([
      [32, order("transfer")],
      [2, order("transfer", { strategy: { kind: "keyless" } })],
      [8, order("deposit")],
      [12, order("withdrawal")],
      [2, order("vault_deposit")],
      [2, order("vault_withdrawal")],
    ] satisfies Choices<fc.Arbitrary<Order>>),
    [3, fc.record({ kind: fc.constant("list"), items, ...keyed })],
    [18, fc.record({ kind: fc.constant("balance"), who: anybody, currency: CURRENCY })],
    [4, fc.record({ kind: fc.constant("transactions"), who: anybody, limit: int(3, 25) })],
    [4, fc.record({ kind: fc.constant("status"), who: anybody })],
  );
  const others = fc.array(any, { minLength: 50, maxLength: 140, size: "max" });
  const operations = fc.tuple(neededOperations(order), others).chain(([needed, more]) => {
    const all = [...needed, ...more];
    return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  });
  const webhookResends = fc.array(int(0, 1_000), { minLength: 1, maxLength: 4 });
  return fc.record({ people: fc.constant(people), operations, webhookResends });
}

/** The plain scenario half of the time. A slow provider blocks one job of the worker for ten seconds. */
function providerIn(kind: OrderedType, currency: Currency, maySlow: boolean) {
  if (kind !== "deposit" && kind !== "withdrawal") return fc.constant(null);
  const scenarios = providerScenarios(kind, currency).filter(({ isSlow }) => maySlow || !isSlow);
  return weighted([1, fc.constant(providerScenario(kind, currency))], [1, fc.constantFrom(...scenarios)]);
}

/** Operations that every history has, so that no fault depends on chance. */
function neededOperations(
  order: (kind: OrderedType, fixed: Partial<Order>) => fc.Arbitrary<Order>,
): fc.Arbitrary<Order[]> {
  const strategies = [CONCURRENT, ...(["replay", "misuse"] as const).map((kind) => fc.constant({ kind }))];
  const atProvider = (type: "deposit" | "withdrawal", code: string) =>
    order(type, { who: 0, currency: "XOF", provider: providerScenario(type, "XOF", code), payer: "confirm" });
  return fc.tuple(
    ...[...strategies, DISCONNECT, DISCONNECT, DISCONNECT].map((each) =>
      each.chain((strategy) => order("transfer", { who: 0, to: 1, amount: 100, strategy })),
    ),
    order("transfer", { amount: TOO_MUCH }),
    atProvider("withdrawal", "payout_failed"),
    atProvider("withdrawal", "payout_reversed"),
    atProvider("deposit", "payment_amount_lower"),
  );
}
