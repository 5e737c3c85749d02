import { ConcurrencyLimit } from "@/lib/concurrency-limit";
import { DomainError } from "@/lib/errors";

/** A person has a few devices and tabs; a village shares one address. */
export const STREAMS_OF_USER_MAX = 5;
export const STREAMS_OF_ADDRESS_MAX = 20;
const RETRY_AFTER_SECONDS = 30;

// On globalThis: Next's bundles each have their own copy of this module.
const PLACES = Symbol.for("cauris.stream-places");

interface Places {
  users: ConcurrencyLimit;
  addresses: ConcurrencyLimit;
}

function places(): Places {
  const holder = globalThis as { [PLACES]?: Places };
  holder[PLACES] ??= {
    users: new ConcurrencyLimit(STREAMS_OF_USER_MAX),
    addresses: new ConcurrencyLimit(STREAMS_OF_ADDRESS_MAX),
  };
  return holder[PLACES];
}

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
