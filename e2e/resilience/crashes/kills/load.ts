import { setTimeout as wait } from "node:timers/promises";
import { type Random, randomFrom } from "@/e2e/resilience/random";
import type { ApiClient } from "./api-client";
import { type ClientLog, newClientLog } from "./client-log";
import { drawIntent } from "./intent";
import type { Person } from "./people";
import { sendUntilDefinite } from "./send-until-definite";

const THINK_MS_MAX = 25;

/** Concurrent writers. */
export interface Load {
  log: ClientLog;
  /** Resolves when the last request of each writer has a definite outcome. */
  stop(): Promise<void>;
  /** Waits until an operation requested from now on is acknowledged. False when none is within `withinMs`. */
  resumes(withinMs: number): Promise<boolean>;
}

/** Starts `writers` that send one intent after another. The intents follow from `seed`. */
export function startLoad({
  client,
  people,
  writers,
  seed,
}: {
  client: ApiClient;
  people: readonly Person[];
  writers: number;
  seed: string;
}): Load {
  const log = newClientLog();
  const stopping = new AbortController();
  // Each call of `resumes` begins an epoch: an intent of that epoch has to succeed.
  let epoch = 0;
  let succeededEpoch = 0;
  const write = async (random: Random): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedIn = epoch;
      if (await sendUntilDefinite(client, drawIntent(random, people), log))
        succeededEpoch = Math.max(succeededEpoch, startedIn);
      await wait(random.int(0, THINK_MS_MAX));
    }
  };
  const working = Promise.all(
    Array.from({ length: writers }, (_, index) => write(randomFrom(`${seed}/writer ${index}`))),
  );
  return {
    log,
    async stop() {
      stopping.abort();
      await working;
    },
    async resumes(withinMs) {
      epoch += 1;
      const wanted = epoch;
      const deadline = performance.now() + withinMs;
      while (succeededEpoch < wanted) {
        if (performance.now() > deadline) return false;
        await wait(5);
      }
      return true;
    },
  };
}
