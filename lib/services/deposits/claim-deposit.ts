import type { Reader, Transaction } from "@/db/client";
import { type Claim, claimKey, findClaim } from "../idempotency/claim";
import type { OperationRow } from "../operations/operation";
import { RETRIES_PER_KEY_MAX } from "./policy";

/**
 * As claimKey, but a try that reached nobody is no answer to keep: the same key may try again, under a key of that try.
 * Throws `idempotency_mismatch`.
 */
export async function claimDeposit(
  tx: Transaction,
  claim: Claim & { reference: string },
): Promise<OperationRow | null> {
  let replayed = await claimKey(tx, claim);
  for (let tries = 0; replayed && reachedNobody(replayed) && tries < RETRIES_PER_KEY_MAX; tries += 1) {
    replayed = await claimKey(tx, { ...claim, key: keyOfNextTry(replayed) });
  }
  return replayed;
}

/** What {@link claimDeposit} would answer, without claiming anything; null where it would make a deposit. */
export async function findClaimedDeposit(reader: Reader, claim: Claim): Promise<OperationRow | null> {
  let found = await findClaim(reader, claim);
  for (let tries = 0; found && reachedNobody(found) && tries < RETRIES_PER_KEY_MAX; tries += 1) {
    found = await findClaim(reader, { ...claim, key: keyOfNextTry(found) });
  }
  return found;
}

function keyOfNextTry({ reference }: OperationRow): string {
  return `again:${reference}`;
}

function reachedNobody({ state, reason }: OperationRow): boolean {
  return state === "failed" && reason === "provider_unavailable";
}
