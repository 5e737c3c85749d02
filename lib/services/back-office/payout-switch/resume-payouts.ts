import type { Context } from "@/lib/services/context";
import { selectStanding } from "./store";
import { type SwitchOrder, throwSwitch } from "./throw-switch";
import { type PayoutSwitchView, toSwitchView } from "./view";

export interface Resumed {
  /** False when it wasn't stopped. */
  isNew: boolean;
  /** Switches of their own that still keep payouts: lifting one lifts no other. */
  stillStopped: PayoutSwitchView[];
}

/**
 * Lifts one switch: that of a provider, or that of all at once. The sweep hands on what waited. Throws
 * `unauthenticated`, `not_found` for a provider that isn't configured.
 */
export async function resumePayouts(context: Context, order: SwitchOrder): Promise<Resumed> {
  const isNew = await throwSwitch(context, order, false);
  const standing = await selectStanding(context.db, order.provider ?? undefined);
  return { isNew, stillStopped: standing.filter(({ stopped }) => stopped).map(toSwitchView) };
}
