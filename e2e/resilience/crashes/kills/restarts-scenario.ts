import type { Scenario } from "@/e2e/resilience/scenario";
import { runRestarts } from "./run-restarts";

/**
 * SIGTERM to the app and to the worker, as a new release sends it, while eight writers use the API over keep-alive
 * connections. Every accepted request gets its whole response, both processes exit with 0, and no job stays locked. A
 * connection refused or reset while the port closes, or an idle one closed as a request is sent (RFC 9112 §9.3.1), is no
 * violation, provided that the request wasn't carried out.
 */
export const restarts: Scenario = {
  name: "restarts",
  promise: "a stop under load cuts no request, loses no job and ends with 0",
  share: 1,
  run: runRestarts,
};
