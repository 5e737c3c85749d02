import { type Database, poolOf } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { consume } from "../rate-limits/consume";

/** By pool, users who reached the limit, and until when, in milliseconds. In memory, so that a good transfer costs no query. */
const blocked = new WeakMap<Database, Map<string, number>>();
const BLOCKED_MAX = 10_000;

function blockedIn(db: Database): Map<string, number> {
  const pool = poolOf(db);
  const known = blocked.get(pool) ?? new Map<string, number>();
  blocked.set(pool, known);
  return known;
}

/** Throws `rate_limited` for a user whom {@link countFailedLookUps} blocked in this process. */
export function requireFewFailedLookUps(db: Database, userId: bigint): void {
  const blockedUntil = blockedIn(db);
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
    const blockedUntil = blockedIn(db);
    if (blockedUntil.size >= BLOCKED_MAX) blockedUntil.clear();
    blockedUntil.set(userId.toString(), Date.now() + (error.details.retryAfterSeconds ?? 0) * 1000);
  }
}
