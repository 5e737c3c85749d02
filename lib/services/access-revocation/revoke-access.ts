import type { Transaction } from "@/db/client";
import { deletePasskeys, revokeApiKeys, revokeApiSessions, revokeBrowserSessions } from "./store";

/**
 * Ends whatever gives access to a user's account, in the caller's transaction: browser sessions, API sessions, API keys
 * and passkeys. For an account that changes hands. Triggers announce it to all processes at commit.
 */
export async function revokeAllAccess(tx: Transaction, userId: bigint): Promise<void> {
  await revokeBrowserSessions(tx, userId, null);
  await revokeApiSessions(tx, userId, "takeover");
  await revokeApiKeys(tx, userId);
  await deletePasskeys(tx, userId);
}

/** Signs a user out of every browser but one and out of every API client; keys stay unless `withKeys`. Answers how many browsers. */
export async function revokeOtherAccess(
  tx: Transaction,
  userId: bigint,
  { exceptSessionId, withKeys }: { exceptSessionId: string; withKeys: boolean },
): Promise<number> {
  await revokeApiSessions(tx, userId, "logout");
  if (withKeys) await revokeApiKeys(tx, userId);
  return await revokeBrowserSessions(tx, userId, exceptSessionId);
}

/** Signs a user out of every browser and every API client; keys stay. */
export async function revokeSessions(tx: Transaction, userId: bigint): Promise<void> {
  await revokeBrowserSessions(tx, userId, null);
  await revokeApiSessions(tx, userId, "logout");
}
