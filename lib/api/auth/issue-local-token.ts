import type { Database } from "@/db/client";
import { signAccessToken } from "@/lib/auth/access-token";
import { newKey } from "@/lib/ids";
import { startLocalSession } from "@/lib/services/api-access/sessions/start-local-session";

/**
 * An access token for an existing user, for the operator's command line; no route calls it.
 * Throws `not_found`; `sign_in_failed` for a frozen user.
 */
export async function issueLocalToken(db: Database, identifier: string): Promise<string> {
  const context = { actor: { kind: "system" }, requestId: newKey(), db, now: new Date() } as const;
  return await signAccessToken(await startLocalSession(context, identifier));
}
