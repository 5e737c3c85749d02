import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "@/lib/server/postgres";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated template database's URL, as the owner. */
    templateUrl: string;
  }
}

/** Nothing here must outlive a crash of the machine. */
const UNSAFE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

const TEMPLATE = "cauris_test_template";

/** Vitest's global set-up: one PostgreSQL server (of DATABASE_URL, or the embedded one) with a migrated template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL;
  const server = given
    ? { url: given, stop: async () => {} }
    : await startPostgres({
        dataDir: path.resolve(process.env.TEST_DATA_DIR ?? ".data/test", "pg"),
        settings: UNSAFE,
      });
  await recreateTemplate(server.url);
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE}`;
  await migrateDatabase(template.href);
  project.provide("templateUrl", template.href);
  return server.stop;
}

async function recreateTemplate(serverUrl: string): Promise<void> {
  const owner = postgres(serverUrl, { max: 1, onnotice: () => {} });
  try {
    const old = await owner<{ datname: string }[]>`
      select datname from pg_database where datname like 'cauris_test_%'`;
    for (const { datname } of old) await owner.unsafe(`drop database "${datname}" with (force)`);
    await owner.unsafe(`create database ${TEMPLATE}`);
  } finally {
    await owner.end();
  }
}
