import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { findSession } from "@/lib/services/identity/sessions/find-session";
import { revokeSession } from "@/lib/services/identity/sessions/revoke-session";

/** Ends the session that a browser held, as its user; one that is over already is fine. */
export async function endSession(context: Context, sessionId: string): Promise<void> {
  const user = await findSession(context.db, sessionId);
  if (!user) return;
  const actor = { kind: "user", userId: user.userId, sessionId } as const;
  try {
    await revokeSession({ ...context, actor }, sessionId);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}
