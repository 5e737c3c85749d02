import type { Scenario } from "@/e2e/resilience/scenario";
import { runKills } from "./run-kills";

/**
 * kill -9 of app, worker and PostgreSQL at moments drawn from the seed, while ten writers use the HTTP API (the app is the
 * JSON API with its webhooks, without Next's pages). PostgreSQL dies as a whole machine's would, or one backend or its
 * postmaster alone; fsync and synchronous_commit are on. Whoever got no answer asks again with the same key until there is
 * one. A process's death isn't a power cut: what the disk forgets, start-up checks guard against, not this.
 */
export const kills: Scenario = {
  name: "kills",
  promise: "nothing acknowledged is lost and nothing doubled by kill -9",
  share: 4,
  run: (plan) => runKills(plan),
};
