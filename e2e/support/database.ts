import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { replaceEnvironment } from "@/lib/config";
import { newKey } from "@/lib/ids";

/** The database of a test worker: `db` as the application's role, `owner` as the owner of the tables. */
export interface TestDatabase {
  db: Database;
  owner: postgres.Sql;
  appUrl: string;
}

/**
 * Connects to this worker's own database, cloned from the migrated template at its first use. The files that a worker runs
 * share it: tests create their own users and never count other rows. `alone` gives the file a database of its own, for
 * statements about all rows, such as that the audit finds nothing.
 */
export async function useDatabase({ alone = false } = {}): Promise<TestDatabase> {
  const templateUrl = inject("templateUrl");
  const pool = process.env.VITEST_POOL_ID ?? "1";
  const name = alone ? `cauris_test_${pool}_${newKey().replaceAll("-", "")}` : `cauris_test_${pool}`;
  const server = postgres(serverUrl(templateUrl), { max: 1, onnotice: () => {} });
  try {
    const [existing] = await server`select from pg_database where datname = ${name}`;
    if (!existing) await server.unsafe(`create database ${name} template cauris_test_template`);
  } finally {
    await server.end();
  }
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const owner = postgres(url.href, { max: 2, onnotice: () => {} });
  const appUrl = applicationUrl(url.href);
  // For code that reads config(): the tests' own database, as the application's role.
  replaceEnvironment({ DATABASE_URL: appUrl });
  const db = openDatabase(appUrl, { max: 32, name: "cauris test" });
  afterAll(async () => {
    await closeDatabase(db);
    await owner.end();
  });
  return { db, owner, appUrl };
}

function serverUrl(templateUrl: string): string {
  const url = new URL(templateUrl);
  url.pathname = "/postgres";
  return url.href;
}
