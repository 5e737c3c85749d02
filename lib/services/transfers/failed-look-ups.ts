import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { consume } from "../rate-limits/consume";

/** Users who reached the limit, and until when, in milliseconds. In memory, so that a good transfer costs no query. */
const blockedUntil = new Map<string, number>();
const BLOCKED_MAX = 10_000;

/** Throws `rate_limited` for a user whom {@link countFailedLookUps} blocked in this process. */
export function requireFewFailedLookUps(userId: bigint): void {
  const until = blockedUntil.get(userId.toString());
  if (until === undefined) return;
  const retryAfterSeconds = Math.ceil((until - Date.now()) / 1000);
  if (retryAfterSeconds > 0) throw new DomainError("rate_limited", { retryAfterSeconds });
  blockedUntil.delete(userId.toString());
}

/**
 * Counts transfers to wallet numbers that don't exist: trying numbers one after the other would tell which ones do. At
 * the limit the user's next transfers are refused, in this process at once and in others at their next failed look-up.
 * It runs after the transfers' commit, so it never throws: a failure to count is logged.
 */
export async function countFailedLookUps(db: Database, userId: bigint, count: number): Promise<void> {
  if (count === 0) return;
  try {
    await consume(db, "failed_look_up", [userId.toString()], undefined, count);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "rate_limited") {
      log.error({ err: error }, "failed look-ups of wallet numbers were not counted");
      return;
    }
    if (blockedUntil.size >= BLOCKED_MAX) blockedUntil.clear();
    blockedUntil.set(userId.toString(), Date.now() + (error.details.retryAfterSeconds ?? 0) * 1000);
  }
}
