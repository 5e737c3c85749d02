import { statesAwaiting } from "@/lib/services/operations/kinds";
import { type BookedPayout, isPaidInTheEnd } from "./payout-record";
import { PAYOUT_PROVIDERS } from "./payout-script";

/** One withdrawal as our database has it, with its provider's record. */
export interface ObservedPayout {
  payout: BookedPayout;
  state: string;
  /** Milliseconds since 1970; null when it wasn't refunded. */
  refundedAt: number | null;
  /** It was refunded because the payment was reversed. */
  isReversal: boolean;
  wasConflict: boolean;
  hasProviderReference: boolean;
  /** Reasons of the dead letters about it. */
  reasons: readonly string[];
}

/** The sums of a case by our ledger. */
export interface PayoutSums {
  /** What we owe each provider for what it paid. */
  cleared: ReadonlyMap<string, bigint>;
  availableMinor: bigint;
  heldMinor: bigint;
  /** What the wallets were funded with. */
  fundedMinor: bigint;
}

const OPEN = new Set<string>([
  ...statesAwaiting("provider", "withdrawal"),
  ...statesAwaiting("operator", "withdrawal"),
]);

export function nameOf({ script }: BookedPayout): string {
  const { index, payoutProvider, callOutcomes, ending } = script;
  return `withdrawal ${index} (${payoutProvider}; ${callOutcomes.join(", ")}; ${ending})`;
}

/** Holds at any time: nothing is paid twice, nothing is refunded without a certain refusal, every conflict is recorded. Pure. */
export function checkAlways(observed: readonly ObservedPayout[]): string[] {
  return observed.flatMap(({ payout, refundedAt, isReversal, wasConflict }) => {
    const violations: string[] = [];
    if (payout.accepted.length > 1) {
      violations.push(`${nameOf(payout)} was accepted ${payout.accepted.length} times by its provider`);
    }
    if (refundedAt !== null && !payout.refusedAt.some((at) => at <= refundedAt)) {
      violations.push(`${nameOf(payout)} was refunded, and no provider had refused it for certain`);
    }
    if (refundedAt !== null && !isReversal && isPaidInTheEnd(payout) && !wasConflict) {
      violations.push(`${nameOf(payout)} was paid and refunded, and no conflict was recorded`);
    }
    return violations;
  });
}

/** Holds when nothing is running: only what no machine can find out is open, and an operator is told of it. Pure. */
export function checkOpen(observed: readonly ObservedPayout[]): string[] {
  return observed.flatMap((one) => {
    const { payout, state, reasons } = one;
    if (!OPEN.has(state)) {
      const isPaid = isPaidInTheEnd(payout);
      const wanted = isPaid ? "paid" : "refunded";
      return state === wanted ? [] : [`${nameOf(payout)} is ${state}, and ${wanted} by the provider's book`];
    }
    const violations = isUndecidable(one)
      ? []
      : [`${nameOf(payout)} stays ${state}, though its outcome could be found out`];
    if (!reasons.some((why) => why.startsWith(state)))
      violations.push(`${nameOf(payout)} stays ${state}, and no operator is told`);
    return violations;
  });
}

/** Only an operator can find out its outcome: the provider can't be queried and sends no callback. */
function isUndecidable({ payout, state, hasProviderReference }: ObservedPayout): boolean {
  const { script } = payout;
  const { sendsCallbacks } = PAYOUT_PROVIDERS[script.payoutProvider];
  const isWithoutCallback =
    !sendsCallbacks || script.deliveries[0].length === 0 || payout.accepted.length === 0;
  switch (state) {
    case "conflict":
      return script.ending === "failedThenPaid";
    case "unknown":
      return (
        isWithoutCallback &&
        (script.payoutProvider === "nonIdempotent" ||
          (script.payoutProvider === "unsigned" && !hasProviderReference))
      );
    case "submitted":
      return (
        isWithoutCallback &&
        (script.payoutProvider === "nonIdempotent" || script.payoutProvider === "idempotent")
      );
    default:
      return false;
  }
}

/** Holds when operators have resolved everything: each is paid or refunded as in the provider's book, and all sums agree. Pure. */
export function checkEnd(observed: readonly ObservedPayout[], sums: PayoutSums): string[] {
  const violations = observed.flatMap(({ payout, state }) => {
    const wanted = isPaidInTheEnd(payout) ? "paid" : "refunded";
    return state === wanted ? [] : [`${nameOf(payout)} ended ${state}, and ${wanted} by the provider's book`];
  });
  const book = new Map<string, bigint>();
  let paid = 0n;
  for (const { payout } of observed) {
    const { payoutProvider, amountMinor } = payout.script;
    const minor = isPaidInTheEnd(payout) ? amountMinor * BigInt(payout.accepted.length) : 0n;
    book.set(payoutProvider, (book.get(payoutProvider) ?? 0n) + minor);
    paid += minor;
  }
  for (const payoutProvider of new Set([...book.keys(), ...sums.cleared.keys()])) {
    const [booked, ours] = [book.get(payoutProvider) ?? 0n, sums.cleared.get(payoutProvider) ?? 0n];
    if (booked !== ours)
      violations.push(`clearing of ${payoutProvider} must be ${booked} by the provider's book, is ${ours}`);
  }
  if (sums.heldMinor !== 0n) violations.push(`${sums.heldMinor} are still held when nothing is open`);
  if (sums.availableMinor !== sums.fundedMinor - paid) {
    violations.push(`the wallets must hold ${sums.fundedMinor - paid} and hold ${sums.availableMinor}`);
  }
  return violations;
}

/** Holds while withdrawals are open: the wallets hold their amounts, and those of conflicts whose refund was still there. Pure. */
export function checkHeld(
  open: readonly { state: string; reason: string | null; amountMinor: bigint }[],
  heldMinor: bigint,
): string[] {
  const wanted = open
    .filter(
      ({ state, reason }) => OPEN.has(state) && (state !== "conflict" || reason === "paid_after_refund"),
    )
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return wanted === heldMinor ? [] : [`open withdrawals are ${wanted}, and the wallets hold ${heldMinor}`];
}
