import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { Context } from "@/lib/services/context";
import { processCredentials } from "../credentials/process-credentials";
import { REFRESH_GRACE_SECONDS, SESSION_DAYS_MAX } from "./policy";
import { hashOfRefreshToken, isRefreshToken, successorOf } from "./refresh-token";
import type { ApiSessionTokens } from "./start-api-session";
import {
  findRefreshToken,
  findSessionOfToken,
  insertRefreshToken,
  lockLiveSession,
  markApiSessionRevoked,
  markRefreshTokenUsed,
} from "./store";

type Outcome = "refreshed" | "refused" | "reused";

/**
 * Trades a refresh token for its successor. Each counts once; the one just used gets the same successor for ten more
 * seconds, until that one is used itself. Any other used one may be a thief's or betray one: the whole family ends
 * (RFC 9700 §4.14.2). Ninety days after its sign-in a family is over. Throws `unauthenticated`, whatever was wrong.
 */
export async function refreshApiSession(context: Context, refresh: string): Promise<ApiSessionTokens> {
  if (!isRefreshToken(refresh)) throw new DomainError("unauthenticated");
  const hash = hashOfRefreshToken(refresh);
  const session = await findSessionOfToken(context.db, hash);
  if (!session) throw new DomainError("unauthenticated");
  const { sessionId, userId } = session;
  const successor = successorOf(refresh);
  const outcome = await inTransaction(context.db, async (tx): Promise<Outcome> => {
    const result = await rotate(tx, sessionId, hash, hashOfRefreshToken(successor));
    // Not thrown in here: the end of the family must be committed.
    if (result === "reused") await markApiSessionRevoked(tx, userId, sessionId, "reuse");
    return result;
  });
  if (outcome === "reused") {
    processCredentials(context.db).revocations.announce(`session:${sessionId}`);
    log.warn(
      { requestId: context.requestId, sessionId },
      "a used refresh token was sent again: its session ended",
    );
  }
  if (outcome !== "refreshed") throw new DomainError("unauthenticated");
  return { userId, sessionId, refresh: successor };
}

/** The session's row is locked before the token is read, so that concurrent refreshes run one after the other. */
async function rotate(
  tx: Transaction,
  sessionId: string,
  hash: Buffer,
  successorHash: Buffer,
): Promise<Outcome> {
  if (!(await lockLiveSession(tx, sessionId, SESSION_DAYS_MAX))) return "refused";
  const token = await findRefreshToken(tx, hash);
  if (!token || token.isExpired) return "refused";
  if (!token.isUsed) {
    await markRefreshTokenUsed(tx, hash);
    const lifetimeDays = config().tokens.refreshDays;
    await insertRefreshToken(tx, { hash: successorHash, sessionId, lifetimeDays });
    return "refreshed";
  }
  const successor = await findRefreshToken(tx, successorHash);
  const isPrevious = successor !== null && !successor.isUsed && !successor.isExpired;
  const isInGrace = (token.usedSecondsAgo ?? Number.POSITIVE_INFINITY) < REFRESH_GRACE_SECONDS;
  return isPrevious && isInGrace ? "refreshed" : "reused";
}
