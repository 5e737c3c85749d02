import type { Transaction } from "@/db/client";
import { markKeysRevoked } from "./store";

/** Ends every key of a user, in the caller's transaction: an account changes hands. Announced by the database at commit. */
export async function revokeKeysOfUser(tx: Transaction, userId: bigint): Promise<void> {
  await markKeysRevoked(tx, userId, null);
}
