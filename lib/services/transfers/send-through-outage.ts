import { setTimeout as sleep } from "node:timers/promises";
import { isNeverSent, isOutage } from "@/db/outage";
import { DomainError } from "@/lib/errors";

// Longer than a database takes to restart after a crash, shorter than a caller waits.
const GIVE_UP_AFTER_MS = 4_000;
const PAUSE_MS = 200;

/**
 * Sends again when the database went away: the references are the same, so what had been committed after all is
 * answered as posted and moves nothing twice. Without this, a sender without a key couldn't find out. Throws
 * `unavailable` (nothing was done) or `outcome_unknown` when it stays away.
 */
export async function sendThroughOutage<T>(send: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  let isUnknown = false;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!isOutage(error)) throw error;
      isUnknown ||= !isNeverSent(error);
      if (performance.now() > giveUpAt) throw new DomainError(isUnknown ? "outcome_unknown" : "unavailable");
      await sleep(PAUSE_MS);
    }
  }
}
