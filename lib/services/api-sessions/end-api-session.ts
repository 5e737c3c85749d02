import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { type Context, requirePerson } from "../context";
import { processCredentials } from "../credentials/process-credentials";
import { hashOfRefreshToken } from "./refresh-token";
import { findSessionOfToken, markApiSessionsRevoked } from "./store";

/**
 * Ends the session that the access token is of, and the family of `refresh` when one is given. Nothing ends when that is
 * not one of this user's: `not_found`.
 */
export async function endApiSession(context: Context, refresh?: string): Promise<void> {
  const userId = requirePerson(context);
  const { actor, db } = context;
  const own = actor.kind === "user" ? [actor.sessionId] : [];
  const ended = await inTransaction(db, async (tx) => {
    const given = refresh === undefined ? null : await findSessionOfToken(tx, hashOfRefreshToken(refresh));
    if (refresh !== undefined && given?.userId !== userId) throw new DomainError("not_found");
    const wanted = new Set([...own, ...(given ? [given.sessionId] : [])]);
    const now: string[] = [];
    // In one order, so that two log-outs at once can't wait for each other.
    for (const sessionId of [...wanted].sort()) {
      now.push(...(await markApiSessionsRevoked(tx, userId, sessionId, "logout")));
    }
    return now;
  });
  const { revocations } = processCredentials(db);
  for (const sessionId of ended) revocations.announce(`session:${sessionId}`);
}
