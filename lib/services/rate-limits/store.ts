import { lt } from "drizzle-orm";
import { RateLimiterDrizzle } from "rate-limiter-flexible";
import { type Database, poolOf, type Transaction } from "@/db/client";
import { rateLimits } from "@/db/schema";
import type { Limit } from "./limits";

const limiters = new WeakMap<Database, Map<string, RateLimiterDrizzle>>();

/** The counter behind a limit: one upsert a try, so that parallel tries are counted one after the other. */
export function limiterOf(db: Database, name: string, limit: Limit): RateLimiterDrizzle {
  const pool = poolOf(db);
  const known = limiters.get(pool) ?? new Map<string, RateLimiterDrizzle>();
  limiters.set(pool, known);
  const id = `${name}:${limit.points}:${limit.seconds}`;
  const existing = known.get(id);
  if (existing) return existing;
  const limiter = new RateLimiterDrizzle({
    storeClient: pool,
    schema: rateLimits,
    keyPrefix: name,
    points: limit.points,
    duration: limit.seconds,
    // Its timers outlive the pool, and in an outage they write to the console. The worker's sweep clears the table.
    clearExpiredByTimeout: false,
  });
  known.set(id, limiter);
  return limiter;
}

/** Deletes the counters that ended before `before`. Answers how many. */
export async function deleteEnded(tx: Transaction, before: Date): Promise<number> {
  const rows = await tx
    .delete(rateLimits)
    .where(lt(rateLimits.expire, before))
    .returning({ key: rateLimits.key });
  return rows.length;
}
