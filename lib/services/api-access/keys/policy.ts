import type { Transaction } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { countActiveKeys, lockActiveUser } from "./store";

export const ACTIVE_KEYS_MAX = 5;

/** At most so many keys are listed; active ones are always among them. */
export const KEYS_LISTED_MAX = 200;

/** Serializes changes of this user's keys until the transaction ends. Throws `unauthenticated` for a frozen user. */
export async function lockKeysOf(tx: Transaction, userId: bigint): Promise<void> {
  if (!(await lockActiveUser(tx, userId))) throw new DomainError("unauthenticated");
}

/** Under {@link lockKeysOf}. Throws `key_limit_reached`. */
export async function requireFreeSlot(tx: Transaction, userId: bigint): Promise<void> {
  if ((await countActiveKeys(tx, userId)) >= ACTIVE_KEYS_MAX) throw new DomainError("key_limit_reached");
}
