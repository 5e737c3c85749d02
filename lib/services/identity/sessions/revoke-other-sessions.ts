import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { revokeOtherAccess } from "@/lib/services/access-revocation/revoke-access";
import type { Context } from "@/lib/services/context";

/**
 * Ends every session of the signed-in user but the one that asks, those of API clients too; answers how many browsers
 * that were. `withKeys` revokes all their API keys too. Throws `unauthenticated`.
 */
export async function revokeOtherSessions(
  context: Context,
  { withKeys = false }: { withKeys?: boolean } = {},
): Promise<number> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return await inTransaction(context.db, (tx) =>
    revokeOtherAccess(tx, actor.userId, { exceptSessionId: actor.sessionId, withKeys }),
  );
}
