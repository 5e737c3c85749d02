import { RateLimiterDrizzle } from "rate-limiter-flexible";
import { type Database, poolOf } from "@/db/client";
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
    // It sweeps the whole table, whatever the prefix: one a pool is enough.
    clearExpiredByTimeout: known.size === 0,
  });
  known.set(id, limiter);
  return limiter;
}
