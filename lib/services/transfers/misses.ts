import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { consume } from "../rate-limits/consume";

/** People who found too few numbers, and until when; in memory, so that a good transfer costs no look-up. */
const stopped = new Map<string, number>();
const STOPPED_MAX = 10_000;

/** Throws `rate_limited` for somebody who was stopped by {@link countMisses} in this process. */
export function requireNotStopped(userId: bigint): void {
  const until = stopped.get(userId.toString());
  if (until === undefined) return;
  const retryAfterSeconds = Math.ceil((until - Date.now()) / 1000);
  if (retryAfterSeconds > 0) throw new DomainError("rate_limited", { retryAfterSeconds });
  stopped.delete(userId.toString());
}

/**
 * Counts numbers that nobody has: whoever walks through them learns whose exist, since a miss is told from a hit. With
 * none left their next transfers are refused before they are looked at, here at once and in other processes at their
 * next miss. Never throws `rate_limited` itself: what was sent was sent.
 */
export async function countMisses(db: Database, userId: bigint, misses: number): Promise<void> {
  if (misses === 0) return;
  try {
    await consume(db, "recipient_miss", [userId.toString()], undefined, misses);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "rate_limited") throw error;
    if (stopped.size >= STOPPED_MAX) stopped.clear();
    stopped.set(userId.toString(), Date.now() + (error.details.retryAfterSeconds ?? 0) * 1000);
  }
}
