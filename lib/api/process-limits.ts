import { config } from "@/lib/config";
import { processWide } from "@/lib/process-wide";
import { type ApiLimits, createApiLimits } from "./limits";

/** This process's counters, which the API, its webhooks and every bundle of Next's share. */
export function processLimits(): ApiLimits {
  return processWide("api-limits", () => createApiLimits(config().api.limits));
}
