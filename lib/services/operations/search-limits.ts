import type { Database, Reader } from "@/db/client";
import { isLockTimeout } from "@/db/outage";
import { readWithin } from "@/db/transaction";
import { ConcurrencyLimit } from "@/lib/concurrency-limit";
import { DomainError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** Searches of one person at a time in this process, and how long one may take unless said. */
const SEARCHES_MAX = 2;
const SEARCH_WITHIN_MS = 2_000;

const searches = () => processWide("searches", () => new ConcurrencyLimit(SEARCHES_MAX));

/**
 * Runs a search in a long history, which may cost much. Throws `rate_limited` while two searches of the same person run, and
 * `validation_failed` (`search_too_slow`) for one that takes too long.
 */
export async function limitSearch<T>(
  db: Database,
  userId: bigint,
  search: (reader: Reader) => Promise<T>,
  withinMs: number = SEARCH_WITHIN_MS,
): Promise<T> {
  const end = searches().take(userId.toString());
  if (!end) throw new DomainError("rate_limited", { retryAfterSeconds: 1 });
  try {
    return await readWithin(db, withinMs, search);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new DomainError("validation_failed", { issues: [{ field: "q", reason: "search_too_slow" }] });
  } finally {
    end();
  }
}
