import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { findUserIdByIdentifier } from "@/lib/services/identity/users/find-user";
import { type ApiSessionTokens, startApiSession } from "./start-api-session";

/**
 * A session for the existing user of an e-mail address or phone number, without asking them: for the operator's command line, never for a
 * route. Throws `unauthenticated` for any actor but the system, `not_found`, `sign_in_failed` for a frozen user.
 */
export async function startLocalSession(context: Context, identifier: string): Promise<ApiSessionTokens> {
  if (context.actor.kind !== "system") throw new DomainError("unauthenticated");
  const userId = await findUserIdByIdentifier(context.db, identifier);
  if (userId === null) throw new DomainError("not_found");
  return await startApiSession(context, userId);
}
