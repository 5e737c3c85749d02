import type { Transaction } from "@/db/client";
import { markApiSessionsRevoked } from "./store";

/** Ends every API session of a user, in the caller's transaction: an account changes hands, or its owner says so. */
export async function endSessionsOfUser(
  tx: Transaction,
  userId: bigint,
  reason: "takeover" | "logout",
): Promise<void> {
  await markApiSessionsRevoked(tx, userId, null, reason);
}
