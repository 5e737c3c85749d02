import type { Reader, Transaction } from "@/db/client";
import { type Claim, claimKey, findClaim } from "../idempotency/claim";
import type { OperationRow } from "../operations/operation";
import { RETRIES_PER_KEY_MAX } from "./policy";

/**
 * As claimKey, but an attempt that never reached the provider doesn't use the key up: the next attempt is claimed under a
 * key made of the failed one's reference. Throws `idempotency_mismatch`.
 */
export async function claimDeposit(
  tx: Transaction,
  claim: Claim & { reference: string },
): Promise<OperationRow | null> {
  let replayed = await claimKey(tx, claim);
  for (
    let attempts = 0;
    replayed && neverReached(replayed) && attempts < RETRIES_PER_KEY_MAX;
    attempts += 1
  ) {
    replayed = await claimKey(tx, { ...claim, key: keyOfNextAttempt(replayed) });
  }
  return replayed;
}

/** What {@link claimDeposit} would answer, without claiming anything; null where a new deposit would be made. */
export async function findClaimedDeposit(reader: Reader, claim: Claim): Promise<OperationRow | null> {
  let found = await findClaim(reader, claim);
  for (let attempts = 0; found && neverReached(found) && attempts < RETRIES_PER_KEY_MAX; attempts += 1) {
    found = await findClaim(reader, { ...claim, key: keyOfNextAttempt(found) });
  }
  return found;
}

function keyOfNextAttempt({ reference }: OperationRow): string {
  return `again:${reference}`;
}

function neverReached({ state, reason }: OperationRow): boolean {
  return state === "failed" && reason === "provider_unavailable";
}
