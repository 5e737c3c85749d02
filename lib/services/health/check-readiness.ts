import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "@/db/client";
import { countMissingColumns, ping } from "./store";

// Shorter than a load balancer's own timeout, which a stuck connection would exceed.
const ANSWER_WITHIN_MS = 2_000;

const migrated = new WeakSet<Database>();

/** True when the database answers within two seconds and has every table and column that the code was written for. */
export async function isReady(db: Database): Promise<boolean> {
  const timeout = new AbortController();
  const late = wait(ANSWER_WITHIN_MS, false, { signal: timeout.signal }).catch(() => false);
  try {
    return await Promise.race([probe(db), late]);
  } finally {
    timeout.abort();
  }
}

async function probe(db: Database): Promise<boolean> {
  try {
    if (migrated.has(db)) {
      await ping(db);
      return true;
    }
    const isMigrated = (await countMissingColumns(db)) === 0;
    if (isMigrated) migrated.add(db);
    return isMigrated;
  } catch {
    return false;
  }
}
