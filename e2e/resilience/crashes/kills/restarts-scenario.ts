import type { Scenario } from "@/e2e/resilience/scenario";
import { runRestarts } from "./run-restarts";

/**
 * SIGTERM to the app (the JSON API with its webhooks) and to the worker again and again, as deployments send it, while
 * eight writers use the API over kept connections. Every request that was taken gets its whole answer, both end with 0,
 * and no job stays locked. A refused connection is no cut request: nothing was sent. Nor is one that the kernel resets
 * because it came through the closing door, or an idle one that closes as the next request is written (RFC 9112 §9.3.1):
 * they are counted, and shown not to have been carried out, since their key isn't answered as done before.
 */
export const restarts: Scenario = {
  name: "restarts",
  promise: "a stop under load cuts no request, loses no job and ends with 0",
  share: 1,
  run: runRestarts,
};
