import type { ProviderError, ProviderErrorKind } from "@/lib/providers/provider";

/** Why an operation is in its state: each is a sentence below `reasons.` in the messages. */
export const REASONS = [
  "awaiting_payment",
  "awaiting_provider",
  "payouts_paused",
  "provider_declined",
  "invalid_destination",
  "payment_failed",
  "cancelled",
  "expired",
  "amount_mismatch",
  "currency_mismatch",
  "outcome_unknown",
  "payout_failed",
  "reversed",
  "conflict",
  "checked",
  "credited_apart",
  "payment_refunded",
  "refunded_before_credit",
  "payment_disputed",
  "taken_back",
  "dispute_ended",
  "insufficient_float",
  "payout_waiting",
  "provider_unavailable",
  "unspecified",
] as const;

export type Reason = (typeof REASONS)[number];

const REASON_OF_KIND: Record<ProviderErrorKind, Reason> = {
  declined: "provider_declined",
  invalid_destination: "invalid_destination",
  insufficient_float: "provider_unavailable",
  rate_limited: "provider_unavailable",
  unavailable: "provider_unavailable",
  duplicate: "unspecified",
  outcome_unknown: "outcome_unknown",
};

/** The reason to show for a provider's refusal. */
export function reasonOf(error: ProviderError): Reason {
  return REASON_OF_KIND[error.kind];
}

/** A stored reason; one without a sentence of its own is `conflict` or `unspecified`. */
export function toReason(stored: string | null): Reason | null {
  if (stored === null) return null;
  if (stored.startsWith("paid_after_refund")) return "conflict";
  return REASONS.find((reason) => reason === stored) ?? "unspecified";
}
