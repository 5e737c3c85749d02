import { config } from "@/lib/config";
import type { ProviderState } from "@/lib/providers/provider";

/** Test money on a live deployment, or live money on a test one: neither is booked. A provider may not say. */
export function isOtherMode(update: Pick<ProviderState, "live">): boolean {
  return update.live !== null && update.live !== (config().mode === "production");
}
