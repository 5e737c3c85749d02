import { PAYERS } from "./payout-script";
import { type BookedPayout, isPaidInTheEnd } from "./payouts-book";

/** What our books say of one withdrawal, beside what its provider's says. */
export interface PayoutSeen {
  payout: BookedPayout;
  state: string;
  /** Milliseconds since 1970; null for one that never was. */
  refundedAt: number | null;
  /** It was refunded because a payment was taken back. */
  isReversal: boolean;
  wasConflict: boolean;
  hasProviderReference: boolean;
  /** Why it waits for a person. */
  letters: readonly string[];
}

/** What our ledger says of a case. */
export interface PayoutSums {
  /** What each payer is owed for what it paid, by our ledger. */
  cleared: ReadonlyMap<string, bigint>;
  availableMinor: bigint;
  heldMinor: bigint;
  /** What was put into the wallets. */
  fundedMinor: bigint;
}

const OPEN = new Set(["created", "submitting", "submitted", "unknown", "conflict"]);

export function nameOf({ script }: BookedPayout): string {
  const { index, payer, answers, ending } = script;
  return `withdrawal ${index} (${payer}; ${answers.join(", ")}; ${ending})`;
}

/** What holds at any time: nothing paid twice, nothing refunded without a certain no, every contradiction called out. Pure. */
export function checkAlways(seen: readonly PayoutSeen[]): string[] {
  return seen.flatMap(({ payout, refundedAt, isReversal, wasConflict }) => {
    const found: string[] = [];
    if (payout.accepted.length > 1) {
      found.push(`${nameOf(payout)} was taken on ${payout.accepted.length} times by its provider`);
    }
    if (refundedAt !== null && !payout.noes.some((at) => at <= refundedAt)) {
      found.push(`${nameOf(payout)} was refunded, and no provider had said no for certain`);
    }
    if (refundedAt !== null && !isReversal && isPaidInTheEnd(payout) && !wasConflict) {
      found.push(`${nameOf(payout)} was paid and refunded, and nobody was told of the conflict`);
    }
    return found;
  });
}

/** What is open when nothing more is under way must be nobody's but a person's to decide, and a person must be told. Pure. */
export function checkOpen(seen: readonly PayoutSeen[]): string[] {
  return seen.flatMap((one) => {
    const { payout, state, letters } = one;
    if (!OPEN.has(state)) {
      const isPaid = isPaidInTheEnd(payout);
      const wanted = isPaid ? "paid" : "refunded";
      return state === wanted ? [] : [`${nameOf(payout)} is ${state}, and ${wanted} by the provider's book`];
    }
    const found = isUndecidable(one) ? [] : [`${nameOf(payout)} stays ${state}, though it could be known`];
    if (!letters.some((why) => why.startsWith(state)))
      found.push(`${nameOf(payout)} stays ${state}, and nobody is told`);
    return found;
  });
}

/** No machine can bring it to its end: nobody can be asked, and nothing is told. */
function isUndecidable({ payout, state, hasProviderReference }: PayoutSeen): boolean {
  const { script } = payout;
  const { tells } = PAYERS[script.payer];
  const isUntold = !tells || script.deliveries[0].length === 0 || payout.accepted.length === 0;
  switch (state) {
    case "conflict":
      return script.ending === "failedThenPaid";
    case "unknown":
      return isUntold && (script.payer === "once" || (script.payer === "hinted" && !hasProviderReference));
    case "submitted":
      return isUntold && (script.payer === "once" || script.payer === "again");
    default:
      return false;
  }
}

/** When a person has decided what was open: paid xor refunded as the book says, and not a franc apart from it. Pure. */
export function checkEnd(seen: readonly PayoutSeen[], sums: PayoutSums): string[] {
  const found = seen.flatMap(({ payout, state }) => {
    const wanted = isPaidInTheEnd(payout) ? "paid" : "refunded";
    return state === wanted ? [] : [`${nameOf(payout)} ended ${state}, and ${wanted} by the provider's book`];
  });
  const book = new Map<string, bigint>();
  let paid = 0n;
  for (const { payout } of seen) {
    const { payer, amountMinor } = payout.script;
    const minor = isPaidInTheEnd(payout) ? amountMinor * BigInt(payout.accepted.length) : 0n;
    book.set(payer, (book.get(payer) ?? 0n) + minor);
    paid += minor;
  }
  for (const payer of new Set([...book.keys(), ...sums.cleared.keys()])) {
    const [theirs, ours] = [book.get(payer) ?? 0n, sums.cleared.get(payer) ?? 0n];
    if (theirs !== ours)
      found.push(`clearing of ${payer} should be ${theirs} by the provider's book, is ${ours}`);
  }
  if (sums.heldMinor !== 0n) found.push(`${sums.heldMinor} are still held when nothing is open`);
  if (sums.availableMinor !== sums.fundedMinor - paid) {
    found.push(`the wallets should hold ${sums.fundedMinor - paid} and hold ${sums.availableMinor}`);
  }
  return found;
}

/** While withdrawals are open: what wallets hold back is what is open, conflicts whose refund was still there included. Pure. */
export function checkHeld(
  open: readonly { state: string; reason: string | null; amountMinor: bigint }[],
  heldMinor: bigint,
): string[] {
  const wanted = open
    .filter(
      ({ state, reason }) => OPEN.has(state) && (state !== "conflict" || reason === "paid_after_refund"),
    )
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return wanted === heldMinor
    ? []
    : [`open withdrawals are ${wanted}, and the wallets hold back ${heldMinor}`];
}
