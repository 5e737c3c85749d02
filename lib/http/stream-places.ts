import { ConcurrencyLimit } from "@/lib/concurrency-limit";
import { DomainError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** A person has a few devices and tabs; a village shares one address. */
export const STREAMS_OF_USER_MAX = 5;
export const STREAMS_OF_ADDRESS_MAX = 20;
/** Overviews stay open: they have places of their own, so that they take none from a payment's page. */
export const OVERVIEWS_OF_USER_MAX = 3;
export const OVERVIEWS_OF_ADDRESS_MAX = 60;
/** Open overviews of a process. */
export const OVERVIEWS_MAX = 3_000;
const RETRY_AFTER_SECONDS = 30;

const MAXIMA = {
  operation: { user: STREAMS_OF_USER_MAX, address: STREAMS_OF_ADDRESS_MAX, all: Number.POSITIVE_INFINITY },
  overview: { user: OVERVIEWS_OF_USER_MAX, address: OVERVIEWS_OF_ADDRESS_MAX, all: OVERVIEWS_MAX },
} as const;

export type StreamKind = keyof typeof MAXIMA;

const placesOf = (kind: StreamKind) =>
  processWide(`stream-places.${kind}`, () => ({
    user: new ConcurrencyLimit(MAXIMA[kind].user),
    address: new ConcurrencyLimit(MAXIMA[kind].address),
    all: new ConcurrencyLimit(MAXIMA[kind].all),
  }));

/**
 * A place for one open stream of events; answers how to give it back. Throws `rate_limited` when the user, the address or the process
 * has as many of this kind as it may have.
 */
export function takeStreamPlace(userId: bigint, address: string, kind: StreamKind = "operation"): () => void {
  const places = placesOf(kind);
  const taken: (() => void)[] = [];
  const leave = () => {
    for (const giveBack of taken) giveBack();
  };
  const wanted = [places.user.take(userId.toString()), places.address.take(address), places.all.take("all")];
  taken.push(...wanted.filter((place) => place !== null));
  if (taken.length < wanted.length) {
    leave();
    throw new DomainError("rate_limited", { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  return leave;
}
