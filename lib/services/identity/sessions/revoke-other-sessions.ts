import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { endSessionsOfUser } from "@/lib/services/api-access/sessions/end-sessions-of-user";
import type { Context } from "@/lib/services/context";
import { markSessionsRevoked } from "../users/store";

/**
 * Ends every session of the signed-in user but the one that asks, those of API clients too; answers how many browsers
 * that were. Throws `unauthenticated`.
 */
export async function revokeOtherSessions(context: Context): Promise<number> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return await inTransaction(context.db, async (tx) => {
    await endSessionsOfUser(tx, actor.userId, "logout");
    return await markSessionsRevoked(tx, actor.userId, actor.sessionId);
  });
}
