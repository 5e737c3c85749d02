import { env } from "@/lib/env";
import type { ProviderState } from "@/lib/providers/provider";

/** Test money on a live deployment, or live money on a test one: neither is booked. A provider may not say. */
export function isOtherMode(news: Pick<ProviderState, "live">): boolean {
  return news.live !== null && news.live !== (env().CAURIS_MODE === "production");
}
