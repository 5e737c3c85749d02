import { isCurrency } from "@/lib/money/currency";
import type { Capabilities } from "@/lib/providers/provider";
import type { StateOf } from "@/lib/services/operations/kinds";
import type { Random } from "../random";
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from "./providers";
import {
  drawDeliveries,
  drawName,
  type EndStatus,
  HOUR_MS,
  MINUTE_MS,
  type PlannedCallback,
  type Script,
} from "./script";

/** When an unpaid deposit expires, by the product's policy. */
export const LIFETIME_MS = HOUR_MS;
/** Time between two changes in the provider's book. */
const CHANGE_MS = 3 * MINUTE_MS;

interface FateRow {
  /** Relative frequency. */
  weight: number;
  /** The provider's book; succeeded unless given. */
  timeline?: readonly EndStatus[];
  /** A callback about each change of the book unless given. */
  callbacks?: readonly (EndStatus | "another payment" | "an unknown reference")[];
  /** How it must end, whatever the order of its callbacks: credited unless given. */
  ends?: StateOf<"deposit">;
  /** Why an operator must be told of it. */
  review?: string;
  /** The sum reported is in nobody's wallet but in suspense. */
  isSuspended?: true;
  /** What its provider must be able to do. */
  with?: Partial<Pick<Capabilities, "queriesCollections" | "signedWebhooks">>;
}

const QUERIED = { queriesCollections: true };
const UNQUERIED = { queriesCollections: false };
const SIGNED = { signedWebhooks: true };
const UNSIGNED = { signedWebhooks: false };
const SUSPENDED = { isSuspended: true } as const;

/** What happens to a deposit. */
const FATES = {
  paid: { weight: 38 },
  // Without a callback only a query finds out.
  noCallback: { weight: 10, callbacks: [] },
  paidAfterExpiry: { weight: 8 },
  noCallbackAfterExpiry: { weight: 3, callbacks: [], with: QUERIED },
  failed: { weight: 6, timeline: ["failed"], ends: "failed" },
  unpaid: { weight: 5, timeline: [], ends: "expired" },
  successThenFailed: { weight: 4, callbacks: ["succeeded", "failed"] },
  failedThenSuccess: { weight: 5, timeline: ["failed", "succeeded"] },
  refusedAtOnce: { weight: 3, timeline: [], ends: "failed" },
  wrongAmount: { weight: 5, ends: "review", review: "amount_mismatch", ...SUSPENDED },
  wrongCurrency: { weight: 3, ends: "review", review: "currency_mismatch", ...SUSPENDED },
  // Unsigned callbacks don't say in which mode they are.
  wrongMode: { weight: 3, ends: "expired", review: "other_mode", with: SIGNED },
  paidTwice: {
    weight: 3,
    callbacks: ["succeeded", "another payment"],
    review: "other_provider_reference",
    ...SUSPENDED,
    // A queryable provider only counts what it says about its own reference.
    with: UNQUERIED,
  },
  unknownReference: {
    weight: 2,
    callbacks: ["succeeded", "an unknown reference"],
    review: "unknown_reference",
    ...SUSPENDED,
    with: SIGNED,
  },
  booksBehind: { weight: 2, with: QUERIED },
  falseHint: {
    weight: 3,
    timeline: [],
    callbacks: ["succeeded"],
    ends: "expired",
    review: "books_behind",
    // A signed callback is believed.
    with: UNSIGNED,
  },
} as const satisfies Record<string, FateRow>;

export type Fate = keyof typeof FATES;
export const FATE_NAMES = Object.keys(FATES) as Fate[];
const rowOf = (fate: Fate): FateRow => FATES[fate];

export interface DepositScript extends Script {
  fate: Fate;
  /** When the payer's browser returns from the payment page, after the request. */
  returns: number[];
}

/** A random script. */
export function drawDeposit(random: Random, index: number, wallets: number): DepositScript {
  const fate = drawName(random, FATES, index);
  const provider = random.pick(PROVIDER_NAMES.filter((name) => isPossible(fate, name)));
  const amountMinor = BigInt(random.int(100, 50_000));
  const paidAt = fate.endsWith("AfterExpiry")
    ? random.int(LIFETIME_MS + 5 * MINUTE_MS, 90 * HOUR_MS)
    : random.int(0.2 * MINUTE_MS, 50 * MINUTE_MS);
  const isLost = fate !== "paidTwice" && (index % 8 === 2 || random.chance(0.04));
  const { timeline = ["succeeded"], callbacks = timeline } = rowOf(fate);
  return {
    index,
    wallet: random.int(0, wallets - 1),
    provider,
    fate,
    amountMinor,
    reported: {
      amountMinor: fate === "wrongAmount" ? otherAmount(random, amountMinor) : amountMinor,
      currencyCode: fate === "wrongCurrency" ? random.pick(["NGN", "USD"]) : "XOF",
      isOtherMode: fate === "wrongMode",
    },
    callOutcomes: [fate === "refusedAtOnce" ? "declined" : isLost ? "acceptedThenTimeout" : "accepted"],
    timeline: timeline.map((status, change) => ({ status, at: paidAt + change * CHANGE_MS })),
    callbacks: callbacks.map((about, change) => callbackOf(random, about, paidAt + change * CHANGE_MS)),
    lagMs: lagOf(random, fate),
    outages: random.chance(0.1) ? random.int(1, 2) : 0,
    returns: random.chance(0.3) ? [random.int(0, 2 * MINUTE_MS)] : [],
  };
}

function isPossible(fate: Fate, provider: ProviderName): boolean {
  const { queriesCollections = false, signedWebhooks = true } = PROVIDERS[provider];
  const wanted = { queriesCollections, signedWebhooks, ...rowOf(fate).with };
  return wanted.queriesCollections === queriesCollections && wanted.signedWebhooks === signedWebhooks;
}

function otherAmount(random: Random, amountMinor: bigint): bigint {
  return random.pick([1n, amountMinor - 1n, amountMinor + 1n, amountMinor * 2n, amountMinor * 100n]);
}

function lagOf(random: Random, fate: Fate): number {
  if (fate === "booksBehind") return random.int(26 * HOUR_MS, 40 * HOUR_MS);
  return random.chance(0.25) ? random.int(MINUTE_MS, 2 * HOUR_MS) : 0;
}

/** Up to twenty deliveries, a tenth of the callbacks up to 96 hours late. */
function callbackOf(
  random: Random,
  about: NonNullable<FateRow["callbacks"]>[number],
  at: number,
): PlannedCallback {
  const first = random.chance(0.1) ? random.int(at, 96 * HOUR_MS) : at + random.int(0, 2 * MINUTE_MS);
  const deliveries = drawDeliveries(random, first, { most: 20, spreadMs: 4 * HOUR_MS });
  return about === "another payment" || about === "an unknown reference"
    ? { status: "succeeded", about, deliveries }
    : { status: about, about: "it", deliveries };
}

/** How a deposit must end. */
export interface ExpectedEnd {
  states: readonly string[];
  /** Money received that isn't assigned to anybody. */
  suspense: { currencyCode: string; amountMinor: bigint } | null;
  /** The reason why an event about it must need review; null when none does. */
  review: string | null;
}

export function expectedEnd(script: DepositScript): ExpectedEnd {
  const { fate, provider, reported } = script;
  const { queriesCollections = false } = PROVIDERS[provider];
  const { ends = "succeeded", review = null, isSuspended = false } = rowOf(fate);
  const isUnnoticed = fate === "noCallback" && !queriesCollections;
  const end = isUnnoticed ? "expired" : ends;
  // A failure that is found out too late leaves it expired.
  const isTooLate = fate === "failed" && !isKnownInTime(script, queriesCollections);
  return {
    states: isTooLate ? [end, "expired"] : [end],
    suspense: isSuspended && isCurrency(reported.currencyCode) ? reported : null,
    review,
  };
}

function isKnownInTime({ callbacks, timeline, lagMs, outages }: DepositScript, isQueried: boolean): boolean {
  const latest = LIFETIME_MS - 15 * MINUTE_MS;
  if (isQueried) return outages === 0 && timeline.every(({ at }) => at + lagMs < latest);
  return callbacks.some(({ deliveries }) => Math.min(...deliveries) < latest);
}
