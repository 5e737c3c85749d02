import { inTransaction } from "@/db/transaction";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";
import { newKey } from "@/lib/ids";
import type { Context } from "@/lib/services/context";
import { recordNotice } from "@/lib/services/notices/record-notice";
import { SWEPT_AFTER_DAYS, SWEPT_AT_ONCE_MAX } from "./policy";
import { hashOfRefreshToken, newRefreshToken } from "./refresh-token";
import { insertApiSession, insertRefreshToken, sweepRefreshTokens } from "./store";

/** A session of an API client; its access token is signed by `lib/auth`. */
export interface ApiSessionTokens {
  userId: bigint;
  /** The access token's `sid`. */
  sessionId: string;
  refresh: string;
}

/**
 * A session for somebody who was authenticated, with the first refresh token of its family. Its user is told, but for one who
 * was made just now: no client of the API is known from before. Throws `sign_in_failed`.
 */
export async function startApiSession(
  context: Context,
  userId: bigint,
  { isNewUser = false }: { isNewUser?: boolean } = {},
): Promise<ApiSessionTokens> {
  const tokens = { userId, sessionId: newKey(), refresh: newRefreshToken() };
  const lifetimeDays = config().tokens.refreshDays;
  await inTransaction(context.db, async (tx) => {
    await sweepRefreshTokens(tx, SWEPT_AFTER_DAYS, SWEPT_AT_ONCE_MAX);
    if (!(await insertApiSession(tx, tokens.sessionId, userId))) throw new DomainError("sign_in_failed");
    const hash = hashOfRefreshToken(tokens.refresh);
    await insertRefreshToken(tx, { hash, sessionId: tokens.sessionId, lifetimeDays });
    if (isNewUser) return;
    const key = `session:${tokens.sessionId}`;
    await recordNotice(tx, { userId, kind: "new_device", details: { device: "API" }, key });
  });
  return tokens;
}
