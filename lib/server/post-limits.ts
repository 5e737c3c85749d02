import type { IncomingMessage } from "node:http";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { CLIENT_ADDRESS_HEADER, NETWORK_FACTORS, networksFromHeaders } from "@/lib/http/client-address";

const MINUTE_SECONDS = 60;
/** How many times its own limit an address may post with its signed-in people together: a carrier's NAT holds many phones. */
const ADDRESS_CEILING_FACTOR = 10;

export interface PostLimitOptions {
  /** How many posts a minute one session may make, and one address with all that is posted there without a session. */
  postsPerMinute: number;
  /** The id of the session that a Cookie header holds, without a query; null for none. */
  sessionIn?(cookies: string): Promise<string | null>;
}

/** Takes a post's points. The seconds to wait when there are none left; null for a post that may go on. */
export type PostLimits = (request: IncomingMessage) => Promise<number | null>;

interface Bucket {
  limiter: RateLimiterMemory;
  key: string;
}

/**
 * Counts a signed-in post by its session, any other by its networks, and both by the ceiling of the networks as a whole: one
 * phone must not lock everybody out who shares its address. What its own limit refuses doesn't count for the ceiling.
 */
export function createPostLimits({ postsPerMinute, sessionIn }: PostLimitOptions): PostLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
  const sessions = limiter(postsPerMinute);
  const anonymous = NETWORK_FACTORS.map((factor) => limiter(postsPerMinute * factor));
  const ceilings = NETWORK_FACTORS.map((factor) => limiter(postsPerMinute * factor * ADDRESS_CEILING_FACTOR));
  return async (request) => {
    const networks = networksOf(request);
    const { cookie } = request.headers;
    const session = cookie === undefined ? null : ((await sessionIn?.(cookie)) ?? null);
    const own = session === null ? bucketsOf(anonymous, networks) : [{ limiter: sessions, key: session }];
    return await takePoints([...own, ...bucketsOf(ceilings, networks)]);
  };
}

function networksOf({ headers }: IncomingMessage): string[] {
  const address = String(headers[CLIENT_ADDRESS_HEADER] ?? "");
  return networksFromHeaders(new Headers({ [CLIENT_ADDRESS_HEADER]: address }));
}

function bucketsOf(limiters: readonly RateLimiterMemory[], networks: readonly string[]): Bucket[] {
  return limiters.flatMap((limiter, at) => {
    const key = networks[at];
    return key === undefined ? [] : [{ limiter, key }];
  });
}

async function takePoints(buckets: readonly Bucket[]): Promise<number | null> {
  try {
    for (const { limiter, key } of buckets) await limiter.consume(key);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}
