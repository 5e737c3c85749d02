import { createHash } from "node:crypto";
import { RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { LIMITS, type Limit, type LimitName } from "./limits";
import { limiterOf } from "./store";

// The length keeps ("ab", "c") apart from ("a", "bc"); the hash keeps addresses out of the table.
function hashedKey(parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join("");
  return createHash("sha256").update(text).digest("base64url");
}

/**
 * Takes one point unless told otherwise. Call it before the work that it limits: what is counted afterwards can be raced.
 * Throws `rate_limited` with `retryAfterSeconds` when none is left.
 */
export async function consume(
  db: Database,
  name: LimitName,
  keyParts: readonly string[],
  limit: Limit = LIMITS[name],
  points = 1,
): Promise<void> {
  try {
    await limiterOf(db, name, limit).consume(hashedKey(keyParts), points);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw new DomainError("rate_limited", { retryAfterSeconds });
  }
}

/** Gives the point of one {@link consume} back: the try was a good one, or was not made. */
export async function giveBack(
  db: Database,
  name: LimitName,
  keyParts: readonly string[],
  limit: Limit = LIMITS[name],
): Promise<void> {
  await limiterOf(db, name, limit).reward(hashedKey(keyParts));
}
