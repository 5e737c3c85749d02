import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "@/lib/server/postgres";

/** A migrated database that nobody else uses. */
export interface BenchDatabase {
  /** As the owner of the tables; pgbench connects with it. */
  ownerUrl: string;
  /** As the application's role; the product's figures are measured with it. */
  appUrl: string;
  owner: postgres.Sql;
  /** Drops the database, and the server with its data when it was only for this. */
  close(): Promise<void>;
}

/** A new database on the server of `databaseUrl`, or on a bundled one in a temporary directory. */
export async function openBenchDatabase(databaseUrl: string | undefined): Promise<BenchDatabase> {
  const server =
    databaseUrl === undefined ? await startTemporary() : { url: databaseUrl, stop: async () => {} };
  const name = `cauris_bench_${process.pid}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const drop = async () => {
    await withServer(server.url, (sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
    await server.stop();
  };
  try {
    await withServer(server.url, (sql) => sql.unsafe(`create database ${name}`));
    const { appUrl } = await migrateDatabase(url.href);
    const owner = postgres(url.href, { max: 1, onnotice: () => {} });
    const close = async () => {
      await owner.end({ timeout: 5 });
      await drop();
    };
    return { ownerUrl: url.href, appUrl, owner, close };
  } catch (error) {
    await drop().catch(() => {});
    throw error;
  }
}

async function startTemporary(): Promise<{ url: string; stop(): Promise<void> }> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-bench-"));
  // PostgreSQL's own account has to reach it when root asks.
  fs.chmodSync(home, 0o755);
  const remove = () => fs.rmSync(home, { recursive: true, force: true });
  try {
    const server = await startPostgres({ dataDir: path.join(home, "postgres") });
    const stop = async () => {
      await server.stop();
      remove();
    };
    return { url: server.url, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

async function withServer(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const SHOWN_SETTINGS = [
  "server_version",
  "fsync",
  "synchronous_commit",
  "full_page_writes",
  "wal_sync_method",
  "shared_buffers",
];

/** What a figure depends on: the machine, the versions, how durable a commit is. */
export async function describeConditions(owner: postgres.Sql): Promise<string[]> {
  const rows = await owner<{ name: string; value: string }[]>`
    select name, current_setting(name) as value from unnest(${SHOWN_SETTINGS}::text[]) as name`;
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  const cores = os.cpus();
  const load = os.loadavg().map((average) => average.toFixed(1));
  const durability = SHOWN_SETTINGS.slice(1).map((name) => `${name} ${values.get(name)}`);
  return [
    `Machine     ${cores.length} cores, ${cores[0]?.model.trim() ?? "unknown"}; load before the run ${load.join(" ")}`,
    `Versions    PostgreSQL ${values.get("server_version")}, Node.js ${process.version}`,
    `Settings    ${durability.join(", ")}`,
  ];
}
