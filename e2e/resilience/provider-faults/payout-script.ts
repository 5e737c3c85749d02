import type { CountryCode } from "@/lib/providers/provider";
import type { Random } from "../random";
import type { DialectName } from "./dialects";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A provider of payouts: how it speaks, and whether one reference pays once. */
export interface Payer {
  dialect: DialectName;
  isIdempotent: boolean;
  /** Callbacks tell of its payouts. */
  tells: boolean;
  country: CountryCode;
  method: string;
  phone: string;
}

export const PAYERS = {
  /** GetMiPay v1 as it is by default: what is unknown waits for its callback or a person. */
  once: {
    dialect: "signed",
    isIdempotent: false,
    tells: true,
    country: "BF",
    method: "wave",
    phone: "+22670000004",
  },
  /** GetMiPay v1 with references that pay once: what is unknown is sent again. */
  again: {
    dialect: "signed",
    isIdempotent: true,
    tells: true,
    country: "SN",
    method: "wave",
    phone: "+221770000000",
  },
  /** Paystack: callbacks, questions, references that pay once. */
  asked: {
    dialect: "asked",
    isIdempotent: true,
    tells: true,
    country: "CI",
    method: "orange_money",
    phone: "+2250701020304",
  },
  /** GetMiPay's public dialect: it answers questions about what it calls by a name of its own, and nothing else. */
  hinted: {
    dialect: "hinted",
    isIdempotent: false,
    tells: false,
    country: "BJ",
    method: "moov_money",
    phone: "+2290195000000",
  },
} as const satisfies Record<string, Payer>;

export type PayerName = keyof typeof PAYERS;
export const PAYER_NAMES = Object.keys(PAYERS) as PayerName[];

/** What becomes of a call, as often as its number says. */
const ANSWERS = {
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

export type Answer = keyof typeof ANSWERS;
export const ANSWER_NAMES = Object.keys(ANSWERS) as Answer[];

/** What becomes of a payout that was accepted. */
const ENDINGS = { paid: 80, failed: 11, reversed: 5, failedThenPaid: 4 } as const;

export type Ending = keyof typeof ENDINGS;
export const ENDING_NAMES = Object.keys(ENDINGS) as Ending[];

/** One withdrawal: what is asked for, and all that its provider will do about it. */
export interface PayoutScript {
  index: number;
  wallet: number;
  payer: PayerName;
  amountMinor: bigint;
  /** Of each call in turn; the last one stays. */
  answers: Answer[];
  ending: Ending;
  /** From its acceptance to its first end, and from that to its second. */
  settlesAfterMs: number;
  flipsAfterMs: number;
  /** How long answers to questions lag behind the book. */
  lagMs: number;
  /** So many questions are answered by an outage. */
  outages: number;
  /** Deliveries of the callbacks about its ends, from when each is due; none for one that is never told. */
  deliveries: [number[], number[]];
}

/** So many scripts, one at least of everything that can happen: 40 or more. */
export function drawPayouts(random: Random, size: number, wallets: number): PayoutScript[] {
  return Array.from({ length: size }, (_, index) => {
    const script = drawPayout(random, index, wallets);
    return { ...script, ...STAGED[index]?.(random) };
  });
}

/** What luck alone wouldn't bring about in a small case. */
const STAGED: readonly ((random: Random) => Partial<PayoutScript>)[] = [
  drawLyingNo,
  drawLyingNo,
  // Accepted and not heard: it is sent again, and pays once.
  () => ({ payer: "again", answers: ["acceptedThenTimeout", "accepted"], ending: "paid" }),
  // Refunded, spent, and then heard of as paid.
  () => ({
    payer: "once",
    wallet: 0,
    answers: ["accepted"],
    ending: "failedThenPaid",
    settlesAfterMs: MINUTE_MS,
    flipsAfterMs: 40 * MINUTE_MS,
    deliveries: [[0], [0]],
  }),
];

/** The call was accepted, its answer lost; the second is refused, before anybody looks at the reference. */
function drawLyingNo(random: Random): Partial<PayoutScript> {
  const refusal = random.pick(["declined", "invalidDestination"] as const);
  return {
    payer: "asked",
    answers: ["acceptedThenTimeout", refusal, "accepted"],
    ending: "paid",
    lagMs: 8 * MINUTE_MS,
    outages: 0,
    deliveries: [[10 * MINUTE_MS], []],
  };
}

function drawPayout(random: Random, index: number, wallets: number): PayoutScript {
  // The first ones make sure that everything happens at least once.
  const place = index - STAGED.length;
  const answer = ANSWER_NAMES[place] ?? random.weighted(ANSWERS);
  const wanted = ENDING_NAMES[place - ANSWER_NAMES.length];
  const ending = wanted ?? random.weighted(ENDINGS);
  const isTwofold = ending === "reversed" || ending === "failedThenPaid";
  // A payer who never tells of what it changes its mind about is known to nobody.
  const mustTell = isTwofold || answer === "callbackFirst";
  const payer = random.pick(PAYER_NAMES.filter((name) => !mustTell || PAYERS[name].tells));
  return {
    index,
    wallet: random.int(0, wallets - 1),
    payer,
    amountMinor: BigInt(random.int(100, 20_000)),
    answers: [wanted === undefined ? answer : "accepted", ...laterAnswers(random)],
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

/** A withdrawal of all that was refunded: nothing goes wrong with it. */
export function plainPayout(index: number, wallet: number, amountMinor: bigint): PayoutScript {
  return {
    index,
    wallet,
    payer: "asked",
    amountMinor,
    answers: ["accepted"],
    ending: "paid",
    settlesAfterMs: SECOND_MS,
    flipsAfterMs: 0,
    lagMs: 0,
    outages: 0,
    deliveries: [[0], []],
  };
}

/** A second call meets weather of its own, a fourth one none. */
function laterAnswers(random: Random): Answer[] {
  const tries = random.int(0, 3);
  return [...Array.from({ length: tries }, () => random.weighted(ANSWERS)), "accepted"];
}

function drawDeliveries(random: Random): number[] {
  const first = random.chance(0.08) ? random.int(HOUR_MS, 90 * HOUR_MS) : random.int(0, 10 * MINUTE_MS);
  return Array.from(
    { length: random.int(1, 8) },
    () => first + (random.chance(0.6) ? 0 : random.int(0, 2 * HOUR_MS)),
  );
}
