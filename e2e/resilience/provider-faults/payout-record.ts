import type { ProviderStatus } from "@/lib/providers/provider";
import type { PayoutScript } from "./payout-script";

/** The provider's record of a payout. */
export interface BookedPayout {
  script: PayoutScript;
  reference: string;
  callbackUrl: string;
  calls: number;
  queries: number;
  /** Each acceptance: more than one pays more than once. */
  accepted: { providerReference: string; at: number }[];
  /** When the provider refused it for certain, or reversed it. */
  refusedAt: number[];
}

export type ProviderPayoutStatus = Extract<ProviderStatus, "pending" | "succeeded" | "failed" | "reversed">;

/** The status at `nowMs` of a payout that was accepted at `at`. */
export function payoutStatusAt(
  { ending, settlesAfterMs, flipsAfterMs }: PayoutScript,
  at: number,
  nowMs: number,
): ProviderPayoutStatus {
  if (nowMs < at + settlesAfterMs) return "pending";
  const isFlipped = nowMs >= at + settlesAfterMs + flipsAfterMs;
  switch (ending) {
    case "paid":
      return "succeeded";
    case "failed":
      return "failed";
    case "reversed":
      return isFlipped ? "reversed" : "succeeded";
    case "failedThenPaid":
      return isFlipped ? "succeeded" : "failed";
  }
}

/** True when it is paid in the end. */
export function isPaidInTheEnd({ script, accepted }: BookedPayout): boolean {
  return accepted.length > 0 && (script.ending === "paid" || script.ending === "failedThenPaid");
}
