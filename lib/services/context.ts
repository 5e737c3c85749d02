import { type Database, hasCommitted, openDatabase } from "@/db/client";
import { isLockTimeout, isNeverSent, isOutage } from "@/db/outage";
import { config } from "@/lib/config";
import { DomainError } from "@/lib/errors";

/** Who acts. Jobs are `system`; a verified webhook acts as its provider. */
export type Actor =
  | { kind: "user"; userId: bigint; sessionId: string }
  /** A service with a person's API key; whether the key permits the call was checked by the route. */
  | { kind: "api_key"; userId: bigint; keyId: bigint }
  | { kind: "provider"; name: string }
  | { kind: "system" }
  | { kind: "anonymous" };

/** The first argument of every verb: who acts, the database, and the time. */
export interface Context {
  actor: Actor;
  /** The same in log lines, audit rows and answers. */
  requestId: string;
  db: Database;
  now: Date;
}

// On globalThis: development reloads modules, and Next's bundle and the server in front of it are two copies of this one.
const POOL = Symbol.for("cauris.database");

/** This process's pool, opened at its first use, so that a build needs no database. */
export function database(): Database {
  const holder = globalThis as { [POOL]?: Database };
  const { url, poolMax } = config().database;
  holder[POOL] ??= openDatabase(url, { max: poolMax, name: "cauris app" });
  return holder[POOL];
}

/** The id of the user who acts, or whose API key acts. Throws `unauthenticated` for anybody else. */
export function requireUser(context: Context): bigint {
  const { actor } = context;
  if (actor.kind !== "user" && actor.kind !== "api_key") throw new DomainError("unauthenticated");
  return actor.userId;
}

/** As {@link requireUser}, for what no API key may do: keys, PIN, profile, sessions. */
export function requirePerson(context: Context): bigint {
  if (context.actor.kind !== "user") throw new DomainError("unauthenticated");
  return context.actor.userId;
}

/** For jobs and the operator's commands. Throws `unauthenticated` for any other actor. */
export function requireSystem(context: Context): void {
  if (context.actor.kind !== "system") throw new DomainError("unauthenticated");
}

/** How an actor is written into audit rows. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return `user:${actor.userId}`;
    case "api_key":
      return `key:${actor.keyId}`;
    case "provider":
      return `provider:${actor.name}`;
    default:
      return actor.kind;
  }
}

/**
 * The error to answer when a verb failed for an outage of the database; any other error is answered as it is. `unavailable`
 * ("nothing was done") only while that is certain: no statement of the verb was sent, or it only reads. After the verb's first
 * commit, and when a statement may have arrived, it is `outcome_unknown`. A statement that waited too long for a lock was
 * rolled back by the database itself: nothing was done.
 */
export function explainOutage(error: unknown, { db }: Context, { isRead }: { isRead: boolean }): unknown {
  const isRefusal = error instanceof DomainError;
  const hasGivenUp = !isRefusal && isLockTimeout(error);
  const isNothingDone = isRefusal ? error.code === "unavailable" : hasGivenUp || isNeverSent(error);
  if (isRefusal ? !isNothingDone : !hasGivenUp && !isOutage(error)) return error;
  const isCertain = isRead || (isNothingDone && !hasCommitted(db));
  if (!isCertain) return new DomainError("outcome_unknown");
  return isRefusal ? error : new DomainError("unavailable");
}
