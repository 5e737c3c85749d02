import type { Scenario } from "@/e2e/resilience/scenario";
import { runKills } from "./run-kills";

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
