import { createHmac } from "node:crypto";
import type { Sql } from "postgres";

/** The role that the app and the worker use. It owns no table. */
export const APPLICATION_ROLE = "cauris_app";

/**
 * The application's URL, made from the owner's: same server and database, another role. Its password is derived
 * from the owner's, so that several machines agree on it without sharing one more secret.
 */
export function applicationUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const password = createHmac("sha256", decodeURIComponent(url.password)).update("cauris application role");
  url.username = APPLICATION_ROLE;
  url.password = password.digest("base64url");
  return url.href;
}

/** Makes the application's role and sets its password. Needs CREATEROLE; throws one sentence without it. */
export async function ensureApplicationRole(owner: Sql, ownerUrl: string): Promise<void> {
  const password = decodeURIComponent(new URL(applicationUrl(ownerUrl)).password);
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
