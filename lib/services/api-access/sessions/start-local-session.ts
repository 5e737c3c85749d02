import { normaliseEmail } from "@/lib/email";
import { DomainError } from "@/lib/errors";
import type { Context } from "@/lib/services/context";
import { type ApiSessionTokens, startApiSession } from "./start-api-session";
import { findUserIdByEmail } from "./store";

/**
 * A session for an existing user, without asking them: for the operator's command line, never for a
 * route. Throws `unauthenticated` for any actor but the system, `not_found`, `sign_in_failed` for a frozen user.
 */
export async function startLocalSession(context: Context, email: string): Promise<ApiSessionTokens> {
  if (context.actor.kind !== "system") throw new DomainError("unauthenticated");
  const normal = normaliseEmail(email);
  const userId = normal === null ? null : await findUserIdByEmail(context.db, normal);
  if (userId === null) throw new DomainError("not_found");
  return await startApiSession(context, userId);
}
