import type { Random } from "../random";
import { PROVIDER_NAMES, PROVIDERS } from "./providers";
import {
  CALL_OUTCOMES,
  drawDeliveries,
  drawName,
  type EndStatus,
  HOUR_MS,
  MINUTE_MS,
  type Script,
  SECOND_MS,
} from "./script";

const OUTCOMES = Object.keys(CALL_OUTCOMES).length;

/** What happens to an accepted payout, with relative frequencies. */
const ENDINGS = {
  paid: { weight: 80, timeline: ["succeeded"] },
  failed: { weight: 11, timeline: ["failed"] },
  reversed: { weight: 5, timeline: ["succeeded", "reversed"] },
  failedThenPaid: { weight: 4, timeline: ["failed", "succeeded"] },
} as const satisfies Record<string, { weight: number; timeline: readonly EndStatus[] }>;

export type Ending = keyof typeof ENDINGS;
export const ENDING_NAMES = Object.keys(ENDINGS) as Ending[];

export interface PayoutScript extends Script {
  ending: Ending;
}

/** What a script is made of. */
interface Draft extends Omit<PayoutScript, "index" | "reported" | "timeline" | "callbacks"> {
  /** Time from acceptance to the first end, and from that to the second. */
  settlesAfterMs: number;
  flipsAfterMs: number;
  /** Delays of the callbacks about its two ends. */
  deliveries: [number[], number[]];
}

function scriptOf(index: number, draft: Draft): PayoutScript {
  const { settlesAfterMs, flipsAfterMs, deliveries, ...rest } = draft;
  const ends = ENDINGS[draft.ending].timeline.map((status, end) => {
    const at = settlesAfterMs + end * flipsAfterMs;
    const delays = deliveries[end] ?? [];
    return { status, at, about: "it" as const, deliveries: delays.map((delay) => at + delay) };
  });
  return {
    ...{ ...rest, index, timeline: ends },
    reported: { amountMinor: draft.amountMinor, currencyCode: "XOF", isOtherMode: false },
    callbacks: PROVIDERS[draft.provider].isSilentOnPayouts ? [] : ends,
  };
}

/** A random script. Forty have every outcome and ending at least once. */
export function drawPayout(random: Random, index: number, wallets: number): PayoutScript {
  return scriptOf(index, { ...drawDraft(random, index, wallets), ...PRESETS[index]?.(random) });
}

/** A script without faults. */
export function plainPayout(index: number, wallet: number, amountMinor: bigint): PayoutScript {
  return scriptOf(index, {
    ...{ provider: "queryable", callOutcomes: ["accepted"], ending: "paid", wallet, amountMinor },
    ...{ lagMs: 0, outages: 0, settlesAfterMs: SECOND_MS, flipsAfterMs: 0, deliveries: [[0], []] },
  });
}

/** Sequences that would rarely be drawn. */
const PRESETS: readonly ((random: Random) => Partial<Draft>)[] = [
  drawFalseRefusal,
  drawFalseRefusal,
  // Accepted with a lost response: sent again, and paid once.
  () => ({ provider: "idempotent", callOutcomes: ["acceptedThenTimeout", "accepted"], ending: "paid" }),
  // Refunded, spent, and then reported as paid.
  () => ({
    ...{ provider: "nonIdempotent", wallet: 0, callOutcomes: ["accepted"], ending: "failedThenPaid" },
    ...{ settlesAfterMs: MINUTE_MS, flipsAfterMs: 40 * MINUTE_MS, deliveries: [[0], [0]] },
  }),
];

/** The first call is accepted and its response lost; the second is refused, although the payout exists. */
function drawFalseRefusal(random: Random): Partial<Draft> {
  const refusal = random.pick(["declined", "invalidDestination"] as const);
  return {
    provider: "queryable",
    callOutcomes: ["acceptedThenTimeout", refusal, "accepted"],
    ending: "paid",
    lagMs: 8 * MINUTE_MS,
    outages: 0,
    deliveries: [[10 * MINUTE_MS], []],
  };
}

function drawDraft(random: Random, index: number, wallets: number): Draft {
  // The first scripts have each outcome once, the next ones each ending after a call without faults.
  const position = index - PRESETS.length;
  const isEnding = position >= OUTCOMES && position < OUTCOMES + ENDING_NAMES.length;
  const outcome = isEnding ? "accepted" : drawName(random, CALL_OUTCOMES, position);
  const ending = drawName(random, ENDINGS, position - OUTCOMES);
  const isTwofold = ENDINGS[ending].timeline.length > 1;
  // Without callbacks nobody would learn of a second end.
  const needsCallbacks = isTwofold || outcome === "callbackFirst";
  const provider = random.pick(
    PROVIDER_NAMES.filter((name) => !needsCallbacks || !PROVIDERS[name].isSilentOnPayouts),
  );
  // Up to three more random outcomes, then acceptance.
  const later = Array.from({ length: random.int(0, 3) }, () => random.weighted(CALL_OUTCOMES));
  const deliveries = () => {
    const first = random.chance(0.08) ? random.int(HOUR_MS, 90 * HOUR_MS) : random.int(0, 10 * MINUTE_MS);
    return drawDeliveries(random, first, { most: 8, spreadMs: 2 * HOUR_MS });
  };
  return {
    provider,
    callOutcomes: [outcome, ...later, "accepted"],
    ending,
    wallet: random.int(0, wallets - 1),
    amountMinor: BigInt(random.int(100, 20_000)),
    settlesAfterMs: random.chance(0.1)
      ? random.int(HOUR_MS, 30 * HOUR_MS)
      : random.int(5 * SECOND_MS, 20 * MINUTE_MS),
    flipsAfterMs: random.int(MINUTE_MS, 3 * HOUR_MS),
    lagMs: random.chance(0.3) ? random.int(20 * SECOND_MS, 8 * MINUTE_MS) : 0,
    outages: index % 7 === 6 || random.chance(0.05) ? random.int(1, 3) : 0,
    deliveries: [isTwofold || index % 10 !== 5 ? deliveries() : [], deliveries()],
  };
}
