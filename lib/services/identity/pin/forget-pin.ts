import type { Transaction } from "@/db/client";
import { deletePin } from "./store";

/** Takes a user's PIN away, in the caller's transaction: the account changes hands, and its owner chooses another. */
export async function forgetPin(tx: Transaction, userId: bigint): Promise<void> {
  await deletePin(tx, userId);
}
