import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { ApiLimitSettings } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { NETWORK_FACTORS } from "@/lib/http/client-address";

/** Limits that count one thing, and those that count the networks of a request. */
export type ApiLimit = "key" | "account" | "transfers";
export type NetworkLimit = "address" | "refused";

export interface ApiLimits {
  /** Takes points, one unless told. Throws `rate_limited` with `retryAfterSeconds` when so many aren't left, and takes none then. */
  take(limit: ApiLimit, key: string, points?: number): Promise<void>;
  /** Takes one point of each network, the smallest first. Throws as {@link take} does. */
  takeNetwork(limit: NetworkLimit, networks: readonly string[]): Promise<void>;
  /** Takes nothing. Throws as {@link takeNetwork} does when none is left. */
  lookAtNetwork(limit: NetworkLimit, networks: readonly string[]): Promise<void>;
}

const MINUTE_SECONDS = 60;

/**
 * Counts in this process's memory: a write to the database for each call would cost more than most calls. With several
 * app processes each counts for itself (lib/server/README.md, "Deploying").
 */
export function createApiLimits(limits: ApiLimitSettings): ApiLimits {
  const counter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
  const counters: Record<ApiLimit, RateLimiterMemory> = {
    key: counter(limits.key),
    account: counter(limits.account),
    transfers: counter(limits.transfers),
  };
  const networkCounters: Record<NetworkLimit, RateLimiterMemory[]> = {
    address: NETWORK_FACTORS.map((factor) => counter(limits.address * factor)),
    refused: NETWORK_FACTORS.map((factor) => counter(limits.refused * factor)),
  };
  const each = (limit: NetworkLimit, networks: readonly string[]) =>
    networkCounters[limit].flatMap((network, at) => {
      const key = networks[at];
      return key === undefined ? [] : [{ network, key }];
    });
  return {
    take: (limit, key, points = 1) => takePoints(counters[limit], key, points),
    async takeNetwork(limit, networks) {
      for (const { network, key } of each(limit, networks)) await takePoints(network, key, 1);
    },
    async lookAtNetwork(limit, networks) {
      for (const { network, key } of each(limit, networks)) {
        const standing = await network.get(key);
        if (standing && standing.consumedPoints >= network.points) throw refusalOf(standing);
      }
    },
  };
}

async function takePoints(counter: RateLimiterMemory, key: string, points: number): Promise<void> {
  try {
    await counter.consume(key, points);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    // A long list that was refused must not use up what a short one could still have.
    await counter.reward(key, points);
    throw refusalOf(refusal);
  }
}

function refusalOf({ msBeforeNext }: RateLimiterRes): DomainError {
  return new DomainError("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
