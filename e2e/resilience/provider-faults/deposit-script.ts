import type { Random } from "../random";
import { DIALECT_NAMES, DIALECTS, type DialectName, tellsAmountIn } from "./dialects";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** When an unpaid deposit is past its time, by the product's own policy. */
export const LIFETIME_MS = HOUR_MS;

/** What becomes of a deposit, as often as its number says. */
const FATES = {
  paid: 38,
  neverTold: 10,
  late: 8,
  lateNeverTold: 3,
  failed: 6,
  unpaid: 5,
  successThenFailed: 4,
  failedThenSuccess: 5,
  refusedAtOnce: 3,
  wrongAmount: 5,
  wrongCurrency: 3,
  wrongMode: 3,
  paidTwice: 3,
  strangersReference: 2,
  booksBehind: 2,
  lyingHint: 3,
} as const;

export type Fate = keyof typeof FATES;
const FATE_NAMES = Object.keys(FATES) as Fate[];

/** A callback that the provider sends, and when each of its deliveries comes: milliseconds after the case began. */
export interface PlannedEvent {
  status: "succeeded" | "failed";
  /** False: about another payment than the deposit's own. */
  isOwn: boolean;
  /** Whose reference it names: the deposit's own, or a stranger's. */
  reference: "own" | "stranger";
  variants: number;
  deliveries: number[];
}

/** One deposit: what is asked for, what really happens, and what is told of it, when. */
export interface DepositScript {
  index: number;
  wallet: number;
  dialect: DialectName;
  fate: Fate;
  amountMinor: bigint;
  /** What the provider's book says in the end, where it differs from what was asked. */
  paidMinor: bigint;
  currencyCode: string;
  isOtherMode: boolean;
  /** The provider took it on, but its answer was lost. */
  isAnswerLost: boolean;
  /** What the book says from when on; nothing before the first of them. */
  book: { at: number; status: "succeeded" | "failed" }[];
  /** How long an answer to a question lags behind the book. */
  lagMs: number;
  /** So many questions are answered by an outage. */
  outages: number;
  events: PlannedEvent[];
  /** When the payer's browser comes back: before anything is known. */
  returns: number[];
}

/** Draws one deposit of a case, and all that will become of it. */
export function drawDeposit(random: Random, index: number, wallets: number): DepositScript {
  // The first ones make sure that everything happens at least once.
  const fate = FATE_NAMES[index] ?? random.weighted(FATES);
  const dialect = random.pick(DIALECT_NAMES.filter((name) => fits(fate, name)));
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
    isAnswerLost:
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

/** Whom it can befall. */
function fits(fate: Fate, dialect: DialectName): boolean {
  const { queriesCollections, signedWebhooks } = DIALECTS[dialect].capabilities;
  switch (fate) {
    case "booksBehind":
    case "lateNeverTold":
      return queriesCollections;
    case "paidTwice":
      // Where it is asked, what it says of its own reference is all that counts.
      return !queriesCollections;
    case "strangersReference":
      return signedWebhooks;
    case "wrongMode":
      // The public dialect doesn't say in which mode it is.
      return signedWebhooks;
    case "lyingHint":
      // Whoever has a signature of theirs is believed.
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
    case "lyingHint":
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

const UNTOLD: readonly Fate[] = ["neverTold", "lateNeverTold", "unpaid", "refusedAtOnce"];

function eventsOf(random: Random, script: DepositScript, paidAt: number): PlannedEvent[] {
  const { fate, dialect } = script;
  if (UNTOLD.includes(fate)) return [];
  const told = (status: PlannedEvent["status"], at: number, other: Partial<PlannedEvent> = {}) => ({
    status,
    isOwn: true,
    reference: "own" as const,
    variants: dialect === "hinted" ? random.int(1, 3) : 2,
    deliveries: drawDeliveries(random, at),
    ...other,
  });
  switch (fate) {
    case "failed":
      return [told("failed", paidAt)];
    case "successThenFailed":
      return [told("succeeded", paidAt), told("failed", paidAt)];
    case "failedThenSuccess":
      return [told("failed", paidAt), told("succeeded", paidAt + 3 * MINUTE_MS)];
    case "paidTwice":
      return [told("succeeded", paidAt), told("succeeded", paidAt, { isOwn: false })];
    case "strangersReference":
      return [told("succeeded", paidAt), told("succeeded", paidAt, { isOwn: false, reference: "stranger" })];
    default:
      return [told("succeeded", paidAt)];
  }
}

/** One to twenty, some of them at the same instant, a tenth up to 96 hours late. */
function drawDeliveries(random: Random, at: number): number[] {
  const first = random.chance(0.1) ? random.int(at, 96 * HOUR_MS) : at + random.int(0, 2 * MINUTE_MS);
  const count = random.int(1, 20);
  return Array.from({ length: count }, () =>
    random.chance(0.7) ? first : Math.min(first + random.int(0, 4 * HOUR_MS), Math.max(first, 96 * HOUR_MS)),
  );
}

/** How a deposit must end, whatever the order of what is told of it. */
export interface DepositEnd {
  states: readonly string[];
  creditedMinor: bigint;
  /** Money that came and isn't anybody's yet. */
  suspense: { currencyCode: string; amountMinor: bigint }[];
  /** With which words an event about it must have been set aside; null when none has to. */
  needsReview: string | null;
}

export function endOf(script: DepositScript): DepositEnd {
  const { fate, dialect, amountMinor, paidMinor, currencyCode } = script;
  const canAsk = DIALECTS[dialect].capabilities.queriesCollections;
  const received = [{ currencyCode, amountMinor: paidMinor }];
  const nothing = { creditedMinor: 0n, suspense: [], needsReview: null };
  const credited = { states: ["succeeded"], creditedMinor: amountMinor, suspense: [], needsReview: null };
  switch (fate) {
    case "neverTold":
      return canAsk ? credited : { ...nothing, states: ["expired"] };
    case "refusedAtOnce":
      return { ...nothing, states: ["failed"] };
    case "unpaid":
      return { ...nothing, states: ["expired"] };
    case "failed":
      // What is known after its time finds it expired.
      return { ...nothing, states: isKnownInTime(script, canAsk) ? ["failed"] : ["failed", "expired"] };
    case "lyingHint":
      return { ...nothing, states: ["expired"], needsReview: "books_behind" };
    case "wrongMode":
      return { ...nothing, states: ["expired"], needsReview: "other_mode" };
    case "wrongAmount":
      return { ...nothing, states: ["review"], suspense: received, needsReview: "amount_mismatch" };
    case "wrongCurrency": {
      const suspense = tellsAmountIn(dialect, currencyCode) ? received : [];
      return { ...nothing, states: ["review"], suspense, needsReview: "currency_mismatch" };
    }
    case "paidTwice":
      return { ...credited, suspense: received, needsReview: "other_provider_reference" };
    case "strangersReference":
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
