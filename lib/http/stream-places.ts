import { ConcurrencyLimit } from "@/lib/concurrency-limit";
import { DomainError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** A person has a few devices and tabs; a village shares one address. */
export const STREAMS_OF_USER_MAX = 5;
export const STREAMS_OF_ADDRESS_MAX = 20;
const RETRY_AFTER_SECONDS = 30;

const places = () =>
  processWide("stream-places", () => ({
    users: new ConcurrencyLimit(STREAMS_OF_USER_MAX),
    addresses: new ConcurrencyLimit(STREAMS_OF_ADDRESS_MAX),
  }));

/**
 * A place for one open stream of events; answers how to give it back. Throws `rate_limited` when the user or the address has as
 * many as it may have.
 */
export function takeStreamPlace(userId: bigint, address: string): () => void {
  const { users, addresses } = places();
  const leaveUser = users.take(userId.toString());
  const leaveAddress = leaveUser && addresses.take(address);
  if (!leaveAddress) {
    leaveUser?.();
    throw new DomainError("rate_limited", { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  return () => {
    leaveUser();
    leaveAddress();
  };
}
