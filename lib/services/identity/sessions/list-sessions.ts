import { type Context, requireUser } from "@/lib/services/context";
import { SESSIONS_LISTED_MAX } from "./policy";
import { listLiveSessions } from "./store";

export interface SessionSummary {
  sessionId: string;
  device: string;
  startedAt: Date;
  /** Exact to five minutes. */
  lastSeenAt: Date;
  /** The one that asks. */
  isCurrent: boolean;
}

/** The signed-in user's sessions that still work, last seen first, 50 at most. Throws `unauthenticated`. */
export async function listSessions(context: Context): Promise<SessionSummary[]> {
  const userId = requireUser(context);
  const { actor } = context;
  const rows = await listLiveSessions(context.db, userId, SESSIONS_LISTED_MAX);
  return rows.map((row) => ({
    sessionId: row.id,
    device: row.device,
    startedAt: row.createdAt,
    lastSeenAt: row.lastSeenAt,
    isCurrent: actor.kind === "user" && actor.sessionId === row.id,
  }));
}
