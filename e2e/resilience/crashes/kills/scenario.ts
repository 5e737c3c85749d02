import type { Scenario } from "@/e2e/resilience/scenario";
import { runKills } from "./run-kills";
import { runRestarts } from "./run-restarts";

/**
 * kill -9 of app, worker and PostgreSQL at random moments, while ten writers use the HTTP API (without Next's pages).
 * PostgreSQL is killed as a whole, or one backend, or the postmaster alone; fsync and synchronous_commit are on. Requests
 * without a response are retried with the same key. This isn't a power cut: what a disk forgets isn't tested.
 */
export const kills: Scenario = {
  name: "kills",
  promise: "nothing acknowledged is lost and nothing doubled by kill -9",
  share: 4,
  run: (plan) => runKills(plan),
};

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
