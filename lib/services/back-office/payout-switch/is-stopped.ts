import type { Reader, Transaction } from "@/db/client";
import { holdSwitches, selectStanding } from "./store";

/**
 * May a payout be handed to this provider? What this answers holds until the transaction ends: whoever stops payouts
 * meanwhile waits for it.
 */
export async function isStoppedFor(tx: Transaction, provider: string): Promise<boolean> {
  await holdSwitches(tx);
  return isStoppedNow(tx, provider);
}

/** As things stand at this moment: for sweeps, which may be wrong by one. */
export async function isStoppedNow(reader: Reader, provider: string): Promise<boolean> {
  const standing = await selectStanding(reader, provider);
  return standing.some(({ stopped }) => stopped);
}
