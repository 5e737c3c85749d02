import { trackCommits } from "@/db/client";
import { describeError } from "@/lib/describe-error";
import { newKey } from "@/lib/ids";
import { log } from "@/lib/log";
import { type Actor, type Context, database, explainOutage } from "@/lib/services/context";

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** The id that our server gave the request, or a new one: what a caller sent never gets into the logs. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && REQUEST_ID.test(given) ? given : newKey();
}

/** The context for verbs of this request. */
export function contextOf(headers: Headers, actor: Actor): Context {
  return { actor, requestId: requestIdOf(headers), db: trackCommits(database()), now: new Date() };
}

/**
 * Runs a verb. When the database is unavailable it throws `unavailable` (nothing was done) or `outcome_unknown`, as
 * {@link explainOutage} says; what the verb throws else passes. `isRead`: the verb changes nothing.
 */
export async function runVerb<T>(
  context: Context,
  { isRead }: { isRead: boolean },
  verb: () => Promise<T>,
): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    const explained = explainOutage(error, context, { isRead });
    if (explained !== error) {
      log.error({ requestId: context.requestId, error: describeError(error) }, "the database is unavailable");
    }
    throw explained;
  }
}
