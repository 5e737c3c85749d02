import type { CountryCode } from "@/lib/providers/provider";
import type { Random } from "../random";
import type { DialectName } from "./dialects";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export interface PayoutProvider {
  dialect: DialectName;
  /** One reference pays once, however often it is sent. */
  isIdempotent: boolean;
  /** Sends callbacks about payouts. */
  sendsCallbacks: boolean;
  country: CountryCode;
  method: string;
  phone: string;
}

export const PAYOUT_PROVIDERS = {
  /** GetMiPay v1: an unknown outcome waits for a callback or an operator. */
  nonIdempotent: {
    dialect: "signed",
    isIdempotent: false,
    sendsCallbacks: true,
    country: "BF",
    method: "wave",
    phone: "+22670000004",
  },
  /** GetMiPay v1 with idempotent references: an unknown outcome is sent again. */
  idempotent: {
    dialect: "signed",
    isIdempotent: true,
    sendsCallbacks: true,
    country: "SN",
    method: "wave",
    phone: "+221770000000",
  },
  /** Paystack: callbacks, queries and idempotent references. */
  queryable: {
    dialect: "queryable",
    isIdempotent: true,
    sendsCallbacks: true,
    country: "CI",
    method: "orange_money",
    phone: "+2250701020304",
  },
  /** GetMiPay's public API: queryable by its own reference only, without callbacks. */
  unsigned: {
    dialect: "unsigned",
    isIdempotent: false,
    sendsCallbacks: false,
    country: "BJ",
    method: "moov_money",
    phone: "+2290195000000",
  },
} as const satisfies Record<string, PayoutProvider>;

export type PayoutProviderName = keyof typeof PAYOUT_PROVIDERS;
export const PAYOUT_PROVIDER_NAMES = Object.keys(PAYOUT_PROVIDERS) as PayoutProviderName[];

/** What happens to a call, with relative frequencies. */
const CALL_OUTCOMES = {
  accepted: 34,
  acceptedThenTimeout: 20,
  errorBefore: 10,
  errorAfter: 10,
  garbageBefore: 2,
  garbageAfter: 2,
  rateLimited: 3,
  noFloat: 3,
  unreachable: 2,
  invalidDestination: 3,
  declined: 2,
  workerDiesBefore: 2,
  workerDiesAfter: 3,
  zombie: 2,
  callbackFirst: 4,
} as const;

export type CallOutcome = keyof typeof CALL_OUTCOMES;
export const CALL_OUTCOME_NAMES = Object.keys(CALL_OUTCOMES) as CallOutcome[];

/** What happens to an accepted payout, with relative frequencies. */
const ENDINGS = { paid: 80, failed: 11, reversed: 5, failedThenPaid: 4 } as const;

export type Ending = keyof typeof ENDINGS;
export const ENDING_NAMES = Object.keys(ENDINGS) as Ending[];

/** One withdrawal: what is requested, and how its provider behaves. */
export interface PayoutScript {
  index: number;
  wallet: number;
  payoutProvider: PayoutProviderName;
  amountMinor: bigint;
  /** Of each call in turn; the last one repeats. */
  callOutcomes: CallOutcome[];
  ending: Ending;
  /** Time from acceptance to the first end, and from that to the second. */
  settlesAfterMs: number;
  flipsAfterMs: number;
  /** How long query responses lag behind the book. */
  lagMs: number;
  /** How many queries fail with an outage. */
  outages: number;
  /** Delays of the callbacks about its two ends; empty without callbacks. */
  deliveries: [number[], number[]];
}

/** `size` random scripts, with every outcome and ending at least once when `size` is 40 or more. */
export function drawPayouts(random: Random, size: number, wallets: number): PayoutScript[] {
  return Array.from({ length: size }, (_, index) => {
    const script = drawPayout(random, index, wallets);
    return { ...script, ...PRESET_SCRIPTS[index]?.(random) };
  });
}

/** Sequences that would rarely be drawn. */
const PRESET_SCRIPTS: readonly ((random: Random) => Partial<PayoutScript>)[] = [
  drawFalseRefusal,
  drawFalseRefusal,
  // Accepted with a lost response: sent again, and paid once.
  () => ({ payoutProvider: "idempotent", callOutcomes: ["acceptedThenTimeout", "accepted"], ending: "paid" }),
  // Refunded, spent, and then reported as paid.
  () => ({
    payoutProvider: "nonIdempotent",
    wallet: 0,
    callOutcomes: ["accepted"],
    ending: "failedThenPaid",
    settlesAfterMs: MINUTE_MS,
    flipsAfterMs: 40 * MINUTE_MS,
    deliveries: [[0], [0]],
  }),
];

/** The first call is accepted and its response lost; the second is refused, although the payout exists. */
function drawFalseRefusal(random: Random): Partial<PayoutScript> {
  const refusal = random.pick(["declined", "invalidDestination"] as const);
  return {
    payoutProvider: "queryable",
    callOutcomes: ["acceptedThenTimeout", refusal, "accepted"],
    ending: "paid",
    lagMs: 8 * MINUTE_MS,
    outages: 0,
    deliveries: [[10 * MINUTE_MS], []],
  };
}

function drawPayout(random: Random, index: number, wallets: number): PayoutScript {
  // The first scripts have each outcome and ending once.
  const place = index - PRESET_SCRIPTS.length;
  const answer = CALL_OUTCOME_NAMES[place] ?? random.weighted(CALL_OUTCOMES);
  const wanted = ENDING_NAMES[place - CALL_OUTCOME_NAMES.length];
  const ending = wanted ?? random.weighted(ENDINGS);
  const isTwofold = ending === "reversed" || ending === "failedThenPaid";
  // Without callbacks nobody would learn of a second end.
  const needsCallbacks = isTwofold || answer === "callbackFirst";
  const payoutProvider = random.pick(
    PAYOUT_PROVIDER_NAMES.filter((name) => !needsCallbacks || PAYOUT_PROVIDERS[name].sendsCallbacks),
  );
  return {
    index,
    wallet: random.int(0, wallets - 1),
    payoutProvider,
    amountMinor: BigInt(random.int(100, 20_000)),
    callOutcomes: [wanted === undefined ? answer : "accepted", ...laterCallOutcomes(random)],
    ending,
    settlesAfterMs: random.chance(0.1)
      ? random.int(HOUR_MS, 30 * HOUR_MS)
      : random.int(5 * SECOND_MS, 20 * MINUTE_MS),
    flipsAfterMs: random.int(MINUTE_MS, 3 * HOUR_MS),
    lagMs: random.chance(0.3) ? random.int(20 * SECOND_MS, 8 * MINUTE_MS) : 0,
    outages: index % 7 === 6 || random.chance(0.05) ? random.int(1, 3) : 0,
    deliveries: [
      isTwofold || index % 10 !== 5 ? drawDeliveries(random) : [],
      isTwofold ? drawDeliveries(random) : [],
    ],
  };
}

/** A script without faults. */
export function plainPayout(index: number, wallet: number, amountMinor: bigint): PayoutScript {
  return {
    index,
    wallet,
    payoutProvider: "queryable",
    amountMinor,
    callOutcomes: ["accepted"],
    ending: "paid",
    settlesAfterMs: SECOND_MS,
    flipsAfterMs: 0,
    lagMs: 0,
    outages: 0,
    deliveries: [[0], []],
  };
}

/** Up to three more random outcomes, then acceptance. */
function laterCallOutcomes(random: Random): CallOutcome[] {
  const tries = random.int(0, 3);
  return [...Array.from({ length: tries }, () => random.weighted(CALL_OUTCOMES)), "accepted"];
}

function drawDeliveries(random: Random): number[] {
  const first = random.chance(0.08) ? random.int(HOUR_MS, 90 * HOUR_MS) : random.int(0, 10 * MINUTE_MS);
  return Array.from(
    { length: random.int(1, 8) },
    () => first + (random.chance(0.6) ? 0 : random.int(0, 2 * HOUR_MS)),
  );
}
