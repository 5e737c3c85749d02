import { createHmac } from "node:crypto";
import type { Sql } from "postgres";

/** The role that the app and the worker use. It owns no table. */
export const APPLICATION_ROLE = "cauris_app";

/**
 * The application's URL, made from the owner's: same server and database, another role. Its password is derived from
 * `secret`, or from the owner's, so that several machines agree on it without sharing one more. Throws with neither: a
 * password made of nothing would be the same everywhere.
 */
export function applicationUrl(ownerUrl: string, secret?: string): string {
  const url = new URL(ownerUrl);
  const ownerPassword = decodeURIComponent(url.password);
  if (secret === undefined && ownerPassword === "") {
    throw new Error("DATABASE_URL has no password: set DATABASE_APP_PASSWORD.");
  }
  url.username = APPLICATION_ROLE;
  url.password = createHmac("sha256", secret ?? ownerPassword)
    .update("cauris application role")
    .digest("base64url");
  return url.href;
}

/** Makes the application's role and sets its password. Needs CREATEROLE; throws one sentence without it. */
export async function ensureApplicationRole(owner: Sql, appUrl: string): Promise<void> {
  const password = decodeURIComponent(new URL(appUrl).password);
  try {
    await owner.unsafe(`do $$ begin
      if not exists (select from pg_roles where rolname = '${APPLICATION_ROLE}') then
        create role ${APPLICATION_ROLE} login noinherit;
      end if;
    end $$`);
    await owner.unsafe(`alter role ${APPLICATION_ROLE} with login password '${password}'`);
  } catch (cause) {
    throw new Error(`The owner in DATABASE_URL must be allowed to create the role ${APPLICATION_ROLE}.`, {
      cause,
    });
  }
}
