import type { Context } from "../context";
import { type SwitchOrder, togglePayoutSwitch } from "./payout-switch";
import { type PayoutSwitchView, toSwitchView } from "./view";

export interface Resumed {
  /** False when it wasn't stopped. */
  isNew: boolean;
  /** Other switches that still stop payouts: resuming one resumes no other. */
  stillStopped: PayoutSwitchView[];
}

/**
 * Resumes payouts to one provider, or lifts the switch of all. The sweep writes the jobs of withdrawals that waited. Throws
 * `unauthenticated`, `not_found` for a provider that isn't configured.
 */
export async function resumePayouts(context: Context, order: SwitchOrder): Promise<Resumed> {
  const { isNew, stopped } = await togglePayoutSwitch(context, order, false);
  return { isNew, stillStopped: stopped.map(toSwitchView) };
}
