import { DomainError } from "@/lib/errors";
import type { Context } from "../context";
import { markSessionsRevoked } from "./store";

/** Ends every session of the signed-in user but the one that asks; answers how many. Throws `unauthenticated`. */
export async function revokeOtherSessions(context: Context): Promise<number> {
  const { actor } = context;
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return await markSessionsRevoked(context.db, actor.userId, actor.sessionId);
}
