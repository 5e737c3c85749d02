import type { Database } from "@/db/client";
import { type Credentials, processCredentials } from "../credentials/process-credentials";
import { isApiSessionLive } from "./store";

/** True while the session behind a valid access token works: not logged out, not ended by reuse, its user not frozen. */
export async function checkApiSession(
  db: Database,
  { sessionId, userId }: { sessionId: string; userId: bigint },
  credentials: Credentials = processCredentials(db),
): Promise<boolean> {
  const holder = await credentials.sessions.find(`${sessionId}:${userId}`, async () => {
    if (!(await isApiSessionLive(db, sessionId, userId))) return null;
    return {
      holder: { sessionId, userId },
      name: `session:${sessionId}`,
      remainingMs: Number.POSITIVE_INFINITY,
    };
  });
  return holder !== null;
}
