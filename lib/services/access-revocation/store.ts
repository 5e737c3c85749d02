import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { apiKeys, apiSessions, passkeys, sessions } from "@/db/schema";

/** Ends the browser sessions of a user but one; null ends all. Answers how many still worked. */
export async function revokeBrowserSessions(
  tx: Transaction,
  userId: bigint,
  exceptSessionId: string | null,
): Promise<number> {
  const rows = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        sql`${sessions.expiresAt} > now()`,
        exceptSessionId === null ? undefined : ne(sessions.id, exceptSessionId),
      ),
    )
    .returning({ id: sessions.id });
  return rows.length;
}

/** Ends all API sessions of a user; those that were ended before keep their reason. */
export async function revokeApiSessions(
  tx: Transaction,
  userId: bigint,
  reason: "logout" | "takeover",
): Promise<void> {
  await tx
    .update(apiSessions)
    .set({ revokedAt: sql`now()`, revokedFor: reason })
    .where(and(eq(apiSessions.userId, userId), isNull(apiSessions.revokedAt)));
}

/** Revokes all API keys of a user. */
export async function revokeApiKeys(tx: Transaction, userId: bigint): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)));
}

/** Removes all passkeys of a user. */
export async function deletePasskeys(tx: Transaction, userId: bigint): Promise<void> {
  await tx.delete(passkeys).where(eq(passkeys.userId, userId));
}
