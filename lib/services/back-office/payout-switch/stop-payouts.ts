import { setTimeout as wait } from "node:timers/promises";
import type { Context } from "@/lib/services/context";
import { SUBMISSION_STALE_MS } from "@/lib/services/withdrawals/policy";
import { LOOK_EVERY_MS } from "./policy";
import { countSubmitting } from "./store";
import { type SwitchOrder, throwSwitch } from "./throw-switch";

export interface Stopped {
  /** False when it was stopped before. */
  isNew: boolean;
  /** Withdrawals whose worker began to hand them over and is gone: whether they reached the provider isn't known. */
  abandoned: number;
}

/**
 * Keeps payouts from one provider or from all, and answers when the calls that were under way have ended: from then on
 * nothing is handed over until payouts are resumed. Waits half a minute at most, for calls of workers that died.
 * Throws `unauthenticated`, `not_found` for a provider that isn't configured.
 */
export async function stopPayouts(context: Context, order: SwitchOrder): Promise<Stopped> {
  const isNew = await throwSwitch(context, order, true);
  for (;;) {
    // A call lasts seconds; what was begun longer ago than that is nobody's any more.
    const { underWay, abandoned } = await countSubmitting(context.db, order.provider, SUBMISSION_STALE_MS);
    if (underWay === 0) return { isNew, abandoned };
    await wait(LOOK_EVERY_MS);
  }
}
