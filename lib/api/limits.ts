import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { DomainError } from "@/lib/errors";
import type { ApiSettings } from "./api.env";

export type ApiLimit = keyof ApiSettings["limits"];

export interface ApiLimits {
  /** Takes one point. Throws `rate_limited` with `retryAfterSeconds` when none is left. */
  take(limit: ApiLimit, key: string): Promise<void>;
}

const MINUTE_SECONDS = 60;

/**
 * Counts in this process's memory: a write to the database for each call would cost more than most calls. With several
 * app processes each counts for itself (README, "growing past one machine").
 */
export function createApiLimits(limits: ApiSettings["limits"]): ApiLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
  const limiters: Record<ApiLimit, RateLimiterMemory> = {
    key: limiter(limits.key),
    account: limiter(limits.account),
    address: limiter(limits.address),
    refused: limiter(limits.refused),
  };
  return {
    async take(limit, key) {
      try {
        await limiters[limit].consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
        throw new DomainError("rate_limited", { retryAfterSeconds });
      }
    },
  };
}
