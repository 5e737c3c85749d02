import { DomainError } from "@/lib/errors";
import { type Context, requireUser } from "@/lib/services/context";
import { markSessionRevoked } from "./store";

/** Ends one of the signed-in user's sessions at once. Throws `not_found` for somebody else's or an ended one. */
export async function revokeSession(context: Context, sessionId: string): Promise<void> {
  const userId = requireUser(context);
  if (!(await markSessionRevoked(context.db, userId, sessionId))) throw new DomainError("not_found");
}
