import { inTransaction } from "@/db/transaction";
import { type Context, requirePerson } from "@/lib/services/context";
import { processCredentials } from "../credentials/process-credentials";
import { hashOfRefreshToken } from "./refresh-token";
import { findSessionOfToken, markApiSessionRevoked } from "./store";

/**
 * Ends the access token's session, and that of `refresh` when it is a token of this user. Any other `refresh` (invalid,
 * deleted, another user's) is ignored.
 */
export async function endApiSession(context: Context, refresh?: string): Promise<void> {
  const userId = requirePerson(context);
  const { actor, db } = context;
  const own = actor.kind === "user" ? [actor.sessionId] : [];
  const ended = await inTransaction(db, async (tx) => {
    const given = refresh === undefined ? null : await findSessionOfToken(tx, hashOfRefreshToken(refresh));
    const wanted = new Set([...own, ...(given?.userId === userId ? [given.sessionId] : [])]);
    const now: string[] = [];
    // In one order, so that two log-outs at once can't wait for each other.
    for (const sessionId of [...wanted].sort()) {
      if (await markApiSessionRevoked(tx, userId, sessionId, "logout")) now.push(sessionId);
    }
    return now;
  });
  const { revocations } = processCredentials(db);
  for (const sessionId of ended) revocations.announce(`session:${sessionId}`);
}
