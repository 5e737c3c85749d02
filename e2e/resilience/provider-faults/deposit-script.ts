import type { Random } from "../random";
import { DIALECT_NAMES, DIALECTS, type DialectName, hasAmountIn } from "./dialects";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** When an unpaid deposit expires, by the product's policy. */
export const LIFETIME_MS = HOUR_MS;

/** What happens to a deposit, with relative frequencies. */
const FATES = {
  paid: 38,
  noCallback: 10,
  late: 8,
  lateNoCallback: 3,
  failed: 6,
  unpaid: 5,
  successThenFailed: 4,
  failedThenSuccess: 5,
  refusedAtOnce: 3,
  wrongAmount: 5,
  wrongCurrency: 3,
  wrongMode: 3,
  paidTwice: 3,
  unknownReference: 2,
  booksBehind: 2,
  falseHint: 3,
} as const;

export type Fate = keyof typeof FATES;
const FATE_NAMES = Object.keys(FATES) as Fate[];

/** A callback of the provider. Its deliveries are in milliseconds after the case began. */
export interface PlannedEvent {
  status: "succeeded" | "failed";
  /** False for another payment than the deposit's own. */
  isOwnPayment: boolean;
  /** The reference in it: the deposit's own, or one that we don't know. */
  reference: "own" | "unknown";
  variants: number;
  deliveries: number[];
}

/** One deposit: what is requested, what really happens, and which callbacks arrive when. */
export interface DepositScript {
  index: number;
  wallet: number;
  dialect: DialectName;
  fate: Fate;
  amountMinor: bigint;
  /** The amount in the provider's book, which may differ from the requested one. */
  paidMinor: bigint;
  currencyCode: string;
  isOtherMode: boolean;
  /** The provider accepted it, and its response was lost. */
  isResponseLost: boolean;
  /** The state in the provider's book, by time; pending before the first. */
  book: { at: number; status: "succeeded" | "failed" }[];
  /** How long query responses lag behind the book. */
  lagMs: number;
  /** How many queries fail with an outage. */
  outages: number;
  events: PlannedEvent[];
  /** When the payer's browser returns from the payment page. */
  returns: number[];
}

/** A random script. */
export function drawDeposit(random: Random, index: number, wallets: number): DepositScript {
  // The first scripts have each fate once.
  const fate = FATE_NAMES[index] ?? random.weighted(FATES);
  const dialect = random.pick(DIALECT_NAMES.filter((name) => isPossible(fate, name)));
  const amountMinor = BigInt(random.int(100, 50_000));
  const paidAt = fate.startsWith("late")
    ? random.int(LIFETIME_MS + 5 * MINUTE_MS, 90 * HOUR_MS)
    : random.int(0.2 * MINUTE_MS, 50 * MINUTE_MS);
  const script: DepositScript = {
    index,
    wallet: random.int(0, wallets - 1),
    dialect,
    fate,
    amountMinor,
    paidMinor: fate === "wrongAmount" ? otherAmount(random, amountMinor) : amountMinor,
    currencyCode: fate === "wrongCurrency" ? random.pick(["NGN", "USD"]) : "XOF",
    isOtherMode: fate === "wrongMode",
    isResponseLost:
      fate !== "paidTwice" && fate !== "refusedAtOnce" && (index % 8 === 2 || random.chance(0.04)),
    book: bookOf(fate, paidAt),
    lagMs: lagOf(random, fate),
    outages: random.chance(0.1) ? random.int(1, 2) : 0,
    events: [],
    returns: random.chance(0.3) ? [random.int(0, 2 * MINUTE_MS)] : [],
  };
  script.events = eventsOf(random, script, paidAt);
  return script;
}

/** True when a fate is possible with a dialect. */
function isPossible(fate: Fate, dialect: DialectName): boolean {
  const { queriesCollections, signedWebhooks } = DIALECTS[dialect].capabilities;
  switch (fate) {
    case "booksBehind":
    case "lateNoCallback":
      return queriesCollections;
    case "paidTwice":
      // A queryable provider only counts what it says about its own reference.
      return !queriesCollections;
    case "unknownReference":
      return signedWebhooks;
    case "wrongMode":
      // Unsigned callbacks don't say in which mode they are.
      return signedWebhooks;
    case "falseHint":
      // A signed callback is believed.
      return !signedWebhooks;
    default:
      return true;
  }
}

function otherAmount(random: Random, amountMinor: bigint): bigint {
  return random.pick([1n, amountMinor - 1n, amountMinor + 1n, amountMinor * 2n, amountMinor * 100n]);
}

function bookOf(fate: Fate, paidAt: number): DepositScript["book"] {
  switch (fate) {
    case "failed":
      return [{ at: paidAt, status: "failed" }];
    case "unpaid":
    case "falseHint":
    case "refusedAtOnce":
      return [];
    case "failedThenSuccess":
      return [
        { at: paidAt, status: "failed" },
        { at: paidAt + 3 * MINUTE_MS, status: "succeeded" },
      ];
    default:
      return [{ at: paidAt, status: "succeeded" }];
  }
}

function lagOf(random: Random, fate: Fate): number {
  if (fate === "booksBehind") return random.int(26 * HOUR_MS, 40 * HOUR_MS);
  return random.chance(0.25) ? random.int(MINUTE_MS, 2 * HOUR_MS) : 0;
}

const WITHOUT_CALLBACK: readonly Fate[] = ["noCallback", "lateNoCallback", "unpaid", "refusedAtOnce"];

function eventsOf(random: Random, script: DepositScript, paidAt: number): PlannedEvent[] {
  const { fate, dialect } = script;
  if (WITHOUT_CALLBACK.includes(fate)) return [];
  const content = (status: PlannedEvent["status"], at: number, other: Partial<PlannedEvent> = {}) => ({
    status,
    isOwnPayment: true,
    reference: "own" as const,
    variants: dialect === "unsigned" ? random.int(1, 3) : 2,
    deliveries: drawDeliveries(random, at),
    ...other,
  });
  switch (fate) {
    case "failed":
      return [content("failed", paidAt)];
    case "successThenFailed":
      return [content("succeeded", paidAt), content("failed", paidAt)];
    case "failedThenSuccess":
      return [content("failed", paidAt), content("succeeded", paidAt + 3 * MINUTE_MS)];
    case "paidTwice":
      return [content("succeeded", paidAt), content("succeeded", paidAt, { isOwnPayment: false })];
    case "unknownReference":
      return [
        content("succeeded", paidAt),
        content("succeeded", paidAt, { isOwnPayment: false, reference: "unknown" }),
      ];
    default:
      return [content("succeeded", paidAt)];
  }
}

/** One to twenty deliveries, some at the same time, a tenth of them up to 96 hours late. */
function drawDeliveries(random: Random, at: number): number[] {
  const first = random.chance(0.1) ? random.int(at, 96 * HOUR_MS) : at + random.int(0, 2 * MINUTE_MS);
  const count = random.int(1, 20);
  return Array.from({ length: count }, () =>
    random.chance(0.7) ? first : Math.min(first + random.int(0, 4 * HOUR_MS), Math.max(first, 96 * HOUR_MS)),
  );
}

/** How a deposit must end, whatever the order of its callbacks. */
export interface ExpectedEnd {
  states: readonly string[];
  creditedMinor: bigint;
  /** Money received that isn't assigned to anybody. */
  suspense: { currencyCode: string; amountMinor: bigint }[];
  /** The reason why an event about it must need review; null when none does. */
  needsReview: string | null;
}

export function expectedEnd(script: DepositScript): ExpectedEnd {
  const { fate, dialect, amountMinor, paidMinor, currencyCode } = script;
  const canAsk = DIALECTS[dialect].capabilities.queriesCollections;
  const received = [{ currencyCode, amountMinor: paidMinor }];
  const nothing = { creditedMinor: 0n, suspense: [], needsReview: null };
  const credited = { states: ["succeeded"], creditedMinor: amountMinor, suspense: [], needsReview: null };
  switch (fate) {
    case "noCallback":
      return canAsk ? credited : { ...nothing, states: ["expired"] };
    case "refusedAtOnce":
      return { ...nothing, states: ["failed"] };
    case "unpaid":
      return { ...nothing, states: ["expired"] };
    case "failed":
      // A failure that is found out too late leaves it expired.
      return { ...nothing, states: isKnownInTime(script, canAsk) ? ["failed"] : ["failed", "expired"] };
    case "falseHint":
      return { ...nothing, states: ["expired"], needsReview: "books_behind" };
    case "wrongMode":
      return { ...nothing, states: ["expired"], needsReview: "other_mode" };
    case "wrongAmount":
      return { ...nothing, states: ["review"], suspense: received, needsReview: "amount_mismatch" };
    case "wrongCurrency": {
      const suspense = hasAmountIn(dialect, currencyCode) ? received : [];
      return { ...nothing, states: ["review"], suspense, needsReview: "currency_mismatch" };
    }
    case "paidTwice":
      return { ...credited, suspense: received, needsReview: "other_provider_reference" };
    case "unknownReference":
      return { ...credited, suspense: received, needsReview: "unknown_reference" };
    default:
      return credited;
  }
}

function isKnownInTime({ events, book, lagMs, outages }: DepositScript, canAsk: boolean): boolean {
  const latest = LIFETIME_MS - 15 * MINUTE_MS;
  if (canAsk) return outages === 0 && book.every(({ at }) => at + lagMs < latest);
  return events.some(({ deliveries }) => Math.min(...deliveries) < latest);
}
