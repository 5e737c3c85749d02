import { setTimeout as sleep } from "node:timers/promises";
import { isOutage } from "@/db/group-calls";
import { databaseFault } from "@/db/transaction";
import { DomainError } from "@/lib/errors";

// Longer than a database takes to restart after a crash, shorter than a caller waits.
const GIVE_UP_AFTER_MS = 4_000;
const PAUSE_MS = 200;

// Codes of node:net, postgres.js and PostgreSQL for a statement that was never sent.
const NEVER_SENT = /^(ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT|CONNECTION_ENDED|57P03|53300)$/;

/**
 * Sends again when the database went away: the references are the same, so what had been committed after all is
 * answered as posted and moves nothing twice. Without it, a sender who used no key would never know. Throws
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
      isUnknown ||= !NEVER_SENT.test(databaseFault(error)?.code ?? "");
      if (performance.now() > giveUpAt) throw new DomainError(isUnknown ? "outcome_unknown" : "unavailable");
      await sleep(PAUSE_MS);
    }
  }
}
