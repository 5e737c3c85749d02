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

const TEMPLATE = "cauris_test_template";

interface Cluster {
  templateUrl: string;
  stop: () => Promise<void>;
}

/** Each project of Vitest loads this file anew, and all of them take the same server. */
const shared = globalThis as { caurisTestCluster?: { started: Promise<Cluster>; users: number } };

/** Vitest's global set-up: one PostgreSQL server (of DATABASE_URL, or the embedded one) with a migrated template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.caurisTestCluster ??= { started: start(), users: 0 };
  const cluster = shared.caurisTestCluster;
  cluster.users += 1;
  const { templateUrl, stop } = await cluster.started;
  project.provide("templateUrl", templateUrl);
  return async () => {
    cluster.users -= 1;
    if (cluster.users === 0) await stop();
  };
}

async function start(): Promise<Cluster> {
  const given = process.env.DATABASE_URL;
  const server = given
    ? { url: given, stop: async () => {} }
    : await startPostgres({
        dataDir: path.resolve(process.env.TEST_DATA_DIR ?? ".data/test", "pg"),
        settings: { max_connections: "300" },
      });
  await recreateTemplate(server.url);
  const template = new URL(server.url);
  template.pathname = `/${TEMPLATE}`;
  await migrateDatabase(template.href);
  return { templateUrl: template.href, stop: server.stop };
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
