import { checkSums } from "./check-sums";
import type { Observed, ObservedCase, Sum } from "./payment-kind";
import type { PayoutScript } from "./payout-script";
import { type Booked, isPaidInTheEnd } from "./provider-book";
import { PROVIDERS } from "./provider-kinds";
import { OPEN_WITHDRAWALS } from "./resolve";

type Payout = Observed<PayoutScript>;

/**
 * The violations while some are open: nothing is paid twice or refunded without a certain refusal, only what no machine can find
 * out is open, an operator is told of that, and its money is held. Pure.
 */
export function checkPayouts(_run: unknown, { payments, heldMinor }: ObservedCase<PayoutScript>): string[] {
  const open = payments.filter(({ state, reason }) => {
    // A conflict whose refund was spent holds nothing.
    return OPEN_WITHDRAWALS.has(state) && (state !== "conflict" || reason === "paid_after_refund");
  });
  const wanted = open.reduce((sum, { record }) => sum + record.script.amountMinor, 0n);
  return [
    ...payments.flatMap((payout) => [...checkAlways(payout), ...checkOpen(payout)]),
    ...(wanted === heldMinor ? [] : [`open withdrawals are ${wanted}, and the wallets hold ${heldMinor}`]),
  ];
}

/** The violations when operators have resolved everything: each is paid or refunded as in its provider's book. Pure. */
export function checkPayoutsResolved(
  { fundedMinor, sent }: { fundedMinor: bigint; sent: ReadonlySet<string> },
  observed: ObservedCase<PayoutScript>,
): string[] {
  const { payments, heldMinor } = observed;
  const cleared = payments
    .filter(({ record }) => isPaidInTheEnd(record))
    .map(({ record: { script, accepted } }): Sum => {
      const amountMinor = -script.amountMinor * BigInt(accepted.length);
      return { provider: script.provider, currencyCode: "XOF", amountMinor };
    });
  const walletsMinor = cleared.reduce((sum, { amountMinor }) => sum + amountMinor, fundedMinor);
  return [
    ...payments.flatMap((payout) => [...checkAlways(payout), ...checkEnd(payout)]),
    ...checkSums(observed, { cleared, walletsMinor }, sent.size),
    ...(heldMinor === 0n ? [] : [`${heldMinor} are still held when nothing is open`]),
  ];
}

function nameOf({ script }: Booked<PayoutScript>): string {
  const { index, provider, callOutcomes, ending } = script;
  return `withdrawal ${index} (${provider}; ${callOutcomes.join(", ")}; ${ending})`;
}

function checkAlways({ record, refundedAt, isReversal, wasConflict }: Payout): string[] {
  const { accepted, refusedAt } = record;
  const name = nameOf(record);
  const violations: string[] = [];
  if (accepted.length > 1) violations.push(`${name} was accepted ${accepted.length} times by its provider`);
  if (refundedAt === null) return violations;
  if (!refusedAt.some((at) => at <= refundedAt))
    violations.push(`${name} was refunded, and no provider had refused it for certain`);
  if (!isReversal && isPaidInTheEnd(record) && !wasConflict)
    violations.push(`${name} was paid and refunded, and no conflict was recorded`);
  return violations;
}

function checkEnd({ record, state }: Payout): string[] {
  const wanted = isPaidInTheEnd(record) ? "paid" : "refunded";
  return state === wanted ? [] : [`${nameOf(record)} is ${state}, and ${wanted} by the provider's book`];
}

function checkOpen(payout: Payout): string[] {
  const { record, state, reasons } = payout;
  if (!OPEN_WITHDRAWALS.has(state)) return checkEnd(payout);
  const stays = `${nameOf(record)} stays ${state}`;
  return [
    ...(isUndecidable(payout) ? [] : [`${stays}, though its outcome could be found out`]),
    ...(reasons.some((why) => why.startsWith(state)) ? [] : [`${stays}, and no operator is told`]),
  ];
}

/** Only an operator can find out its outcome: the provider can't be queried and sends no callback. */
function isUndecidable({ record, state, hasProviderReference }: Payout): boolean {
  const { ending, provider, callbacks } = record.script;
  if (state === "conflict") return ending === "failedThenPaid";
  const isSilent =
    record.accepted.length === 0 ||
    PROVIDERS[provider].isSilentOnPayouts ||
    callbacks[0]?.deliveries.length === 0;
  const isUnqueried = provider === "nonIdempotent" || (provider === "unsigned" && !hasProviderReference);
  if (state === "unknown") return isSilent && isUnqueried;
  return state === "submitted" && isSilent && (provider === "nonIdempotent" || provider === "idempotent");
}
