import { setTimeout as wait } from "node:timers/promises";
import { type Random, randomFrom } from "@/e2e/resilience/random";
import { type Account, newAccount } from "./account";
import type { Caller } from "./caller";
import { carryOut } from "./carry-out";
import { drawIntent } from "./intent";
import type { Person } from "./people";

const THINK_MS_MAX = 25;

/** Writers at work. */
export interface Load {
  account: Account;
  /** Lets each writer bring its last request to a definitive answer; resolves when all have. */
  stop(): Promise<void>;
  /** Resolves when an operation that is asked for from now on was acknowledged; false when none was within `withinMs`. */
  flows(withinMs: number): Promise<boolean>;
}

/** `writers` people at a time ask for one thing after another. What each asks for follows from `seed` alone. */
export function startLoad({
  caller,
  people,
  writers,
  seed,
}: {
  caller: Caller;
  people: readonly Person[];
  writers: number;
  seed: string;
}): Load {
  const account = newAccount();
  const stopping = new AbortController();
  // Counts intents that were begun after somebody asked whether the deployment works again, and ended well.
  let epoch = 0;
  let flowing = 0;
  const write = async (random: Random): Promise<void> => {
    while (!stopping.signal.aborted) {
      const begunIn = epoch;
      if (await carryOut(caller, drawIntent(random, people), account)) flowing = Math.max(flowing, begunIn);
      await wait(random.int(0, THINK_MS_MAX));
    }
  };
  const working = Promise.all(
    Array.from({ length: writers }, (_, index) => write(randomFrom(`${seed}/writer ${index}`))),
  );
  return {
    account,
    async stop() {
      stopping.abort();
      await working;
    },
    async flows(withinMs) {
      epoch += 1;
      const wanted = epoch;
      const deadline = performance.now() + withinMs;
      while (flowing < wanted) {
        if (performance.now() > deadline) return false;
        await wait(5);
      }
      return true;
    },
  };
}
