import type { Random } from "../random";
import type { ProviderName } from "./providers";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** What happens to a call that creates a payment, with relative frequencies. */
export const CALL_OUTCOMES = {
  accepted: 34,
  acceptedThenTimeout: 24,
  errorBefore: 12,
  rateLimited: 3,
  noFloat: 3,
  unreachable: 2,
  invalidDestination: 3,
  declined: 2,
  workerDiesBefore: 2,
  workerDiesAfter: 3,
  lateResponse: 2,
  callbackFirst: 4,
} as const;

export type CallOutcome = keyof typeof CALL_OUTCOMES;

export type EndStatus = "succeeded" | "failed" | "reversed";

/** A callback of the provider: about the payment, another one with its reference, or one with a reference that we don't know. */
export interface PlannedCallback {
  status: EndStatus;
  about: "it" | "another payment" | "an unknown reference";
  /** In milliseconds after the provider accepted the payment. */
  deliveries: number[];
}

/** One payment: what is requested, what really happens at its provider, and which callbacks arrive when. */
export interface Script {
  index: number;
  wallet: number;
  provider: ProviderName;
  amountMinor: bigint;
  /** What the provider reports, which may differ from what was requested. */
  reported: { amountMinor: bigint; currencyCode: string; isOtherMode: boolean };
  /** Of each call in turn; the last one repeats. */
  callOutcomes: readonly CallOutcome[];
  /** The status in the provider's book, by time after it accepted the payment; pending before the first. */
  timeline: { at: number; status: EndStatus }[];
  callbacks: PlannedCallback[];
  /** How long query responses lag behind the book. */
  lagMs: number;
  /** How many queries fail with an outage. */
  outages: number;
}

/** A name from a table of relative frequencies; the first `position`s have each name once. */
export function drawName<K extends string>(
  random: Random,
  table: Readonly<Record<K, number | { weight: number }>>,
  position: number,
): K {
  const names = Object.keys(table) as K[];
  const weightOf = (row: number | { weight: number }) => (typeof row === "number" ? row : row.weight);
  const weights = Object.fromEntries(names.map((name) => [name, weightOf(table[name])]));
  return names[position] ?? (random.weighted(weights) as K);
}

/** One to `most` deliveries of one callback, two of three at the same time. */
export function drawDeliveries(
  random: Random,
  first: number,
  { most, spreadMs }: { most: number; spreadMs: number },
): number[] {
  return Array.from({ length: random.int(1, most) }, () =>
    random.chance(0.65) ? first : first + random.int(0, spreadMs),
  );
}

/** `acceptedThenTimeout` becomes `accepted then timeout`. */
export const wordsOf = (name: string) => name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
