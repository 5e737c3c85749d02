import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { newKey } from "@/lib/ids";

/** This worker's database: `db` as the application's role, `owner` as the role that owns the tables. */
export interface TestDatabase {
  db: Database;
  owner: postgres.Sql;
  appUrl: string;
}

/**
 * Connects to this worker's own database, cloned from the migrated template at its first use. Files that a worker
 * runs one after another share it, so a test creates its own users and never counts rows that aren't its own. A file that
 * checks all rows, for example that the audit finds nothing, uses a database that is `alone`.
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
  process.env.DATABASE_URL = appUrl;
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
