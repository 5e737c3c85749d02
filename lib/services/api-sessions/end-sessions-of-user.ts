import type { Transaction } from "@/db/client";
import { markApiSessionsRevoked } from "./store";

/** Ends every API session of a user, in the caller's transaction: an account changes hands. */
export async function endSessionsOfUser(tx: Transaction, userId: bigint): Promise<void> {
  await markApiSessionsRevoked(tx, userId, null, "takeover");
}
