import { type Database, openDatabase } from "@/db/client";
import { env } from "@/lib/env";
import { newKey } from "@/lib/ids";
import type { Actor, Context } from "@/lib/services/context";

// On globalThis, since development reloads modules and must not open a pool each time.
const POOL = Symbol.for("cauris.database");

/** This process's pool, opened at its first use, so that a build needs no database. */
export function database(): Database {
  const holder = globalThis as { [POOL]?: Database };
  const { DATABASE_URL, DATABASE_POOL_MAX } = env();
  holder[POOL] ??= openDatabase(DATABASE_URL, { max: DATABASE_POOL_MAX, name: "cauris app" });
  return holder[POOL];
}

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** The id that our server gave the request, or a new one; a stranger's text never gets into the logs. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && REQUEST_ID.test(given) ? given : newKey();
}

/** What verbs are handed for this request. */
export function contextOf(headers: Headers, actor: Actor): Context {
  return { actor, requestId: requestIdOf(headers), db: database(), now: new Date() };
}
