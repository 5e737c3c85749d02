import { statesAwaiting } from "@/lib/services/operations/kinds";
import type { Observed, ObservedCase } from "./payment-kind";
import type { PayoutScript } from "./payout-script";
import { isPaidInTheEnd } from "./provider-book";
import { PROVIDERS } from "./providers";

type Payout = Observed<PayoutScript>;

export const OPEN_WITHDRAWALS: ReadonlySet<string> = new Set([
  ...statesAwaiting("provider", "withdrawal"),
  ...statesAwaiting("operator", "withdrawal"),
]);

/**
 * Checks that nothing is paid twice or refunded without a certain refusal, that each withdrawal is paid or refunded as in its
 * provider's book, and that only what no machine can find out is open, which an operator is told of. With `areResolved` none
 * is open any more. That wallets, holds and clearing follow from these states is the audit's part. Pure.
 */
export function checkPayouts(
  { payments }: ObservedCase<PayoutScript>,
  { areResolved = false } = {},
): string[] {
  return payments.flatMap((payout) => {
    const { index, provider, callOutcomes, ending } = payout.record.script;
    const isOpen = !areResolved && OPEN_WITHDRAWALS.has(payout.state);
    const violations = [...checkAlways(payout), ...(isOpen ? checkOpen(payout) : checkEnd(payout))];
    const name = `withdrawal ${index} (${provider}; ${callOutcomes.join(", ")}; ${ending})`;
    return violations.map((violation) => `${name} ${violation}`);
  });
}

function checkAlways({ record, refundedAt, isReversal, wasConflict }: Payout): string[] {
  const { accepted, refusedAt } = record;
  const violations: string[] = [];
  if (accepted.length > 1) violations.push(`was accepted ${accepted.length} times by its provider`);
  if (refundedAt === null) return violations;
  if (!refusedAt.some((at) => at <= refundedAt))
    violations.push("was refunded, and no provider had refused it for certain");
  if (!isReversal && isPaidInTheEnd(record) && !wasConflict)
    violations.push("was paid and refunded, and no conflict was recorded");
  return violations;
}

function checkEnd({ record, state }: Payout): string[] {
  const wanted = isPaidInTheEnd(record) ? "paid" : "refunded";
  return state === wanted ? [] : [`is ${state}, and ${wanted} by the provider's book`];
}

function checkOpen(payout: Payout): string[] {
  const { state, reasons } = payout;
  return [
    ...(isUndecidable(payout) ? [] : [`stays ${state}, though its outcome could be found out`]),
    ...(reasons.some((why) => why.startsWith(state)) ? [] : [`stays ${state}, and no operator is told`]),
  ];
}

/** Only an operator can find out its outcome: the provider can't be queried and sends no callback. */
function isUndecidable({ record, state, hasProviderReference }: Payout): boolean {
  const { ending, provider, callbacks } = record.script;
  if (state === "conflict") return ending === "failedThenPaid";
  const isSilent =
    record.accepted.length === 0 ||
    PROVIDERS[provider].isSilentOnPayouts === true ||
    callbacks[0]?.deliveries.length === 0;
  const isUnqueried = provider === "nonIdempotent" || (provider === "unsigned" && !hasProviderReference);
  if (state === "unknown") return isSilent && isUnqueried;
  return state === "submitted" && isSilent && (provider === "nonIdempotent" || provider === "idempotent");
}
