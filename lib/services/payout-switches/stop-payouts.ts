import { setTimeout as wait } from "node:timers/promises";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Context } from "../context";
import { SUBMISSION_STALE_MS } from "../operations/policy";
import { type SwitchOrder, togglePayoutSwitch } from "./payout-switch";
import { POLL_INTERVAL_MS } from "./policy";
import { countSubmitting } from "./store";

export interface Stopped {
  /** False when it was stopped before. */
  isNew: boolean;
  /** Withdrawals whose worker died during the call: whether they reached the provider isn't known. */
  abandoned: number;
}

/**
 * Stops payouts to one provider or to all, and answers when the calls under way have ended: from then on nothing is
 * submitted until payouts are resumed. Waits half a minute at most, for calls of workers that died. Throws
 * `unauthenticated`, `not_found` for a provider that isn't configured, and `outcome_unknown` when payouts are stopped but
 * the calls under way can't be watched to their end: safe to run again.
 */
export async function stopPayouts(context: Context, order: SwitchOrder): Promise<Stopped> {
  const { isNew } = await togglePayoutSwitch(context, order, true);
  try {
    return { isNew, abandoned: await waitForCalls(context, order.provider) };
  } catch (error) {
    log.error(
      { provider: order.provider ?? "all", err: error },
      "waiting for the payout calls under way failed",
    );
    throw new DomainError("outcome_unknown");
  }
}

/** Resolves with the number of abandoned calls when no other is under way. */
async function waitForCalls({ db }: Context, provider: string | null): Promise<number> {
  for (;;) {
    const { underWay, abandoned } = await countSubmitting(db, provider, SUBMISSION_STALE_MS);
    if (underWay === 0) return abandoned;
    await wait(POLL_INTERVAL_MS);
  }
}
