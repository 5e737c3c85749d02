import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { ApiLimitSettings } from "@/lib/config";
import { DomainError } from "@/lib/errors";

export type ApiLimit = keyof ApiLimitSettings;

export interface ApiLimits {
  /** Takes one point. Throws `rate_limited` with `retryAfterSeconds` when none is left. */
  take(limit: ApiLimit, key: string): Promise<void>;
  /** Takes nothing. Throws as {@link take} does when none is left. */
  look(limit: ApiLimit, key: string): Promise<void>;
}

const MINUTE_SECONDS = 60;

/**
 * Counts in this process's memory: a write to the database for each call would cost more than most calls. With several
 * app processes each counts for itself (lib/server/README.md, "Deploying").
 */
export function createApiLimits(limits: ApiLimitSettings): ApiLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
  const limiters: Record<ApiLimit, RateLimiterMemory> = {
    key: limiter(limits.key),
    account: limiter(limits.account),
    address: limiter(limits.address),
    refused: limiter(limits.refused),
  };
  return {
    async look(limit, key) {
      const standing = await limiters[limit].get(key);
      if (standing && standing.consumedPoints >= limits[limit]) throw refusalOf(standing);
    },
    async take(limit, key) {
      try {
        await limiters[limit].consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw refusalOf(refusal);
      }
    },
  };
}

function refusalOf({ msBeforeNext }: RateLimiterRes): DomainError {
  return new DomainError("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
