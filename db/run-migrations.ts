import { setTimeout as sleep } from "node:timers/promises";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import type { Sql, TransactionSql } from "postgres";

/**
 * The first line of a migration whose statements can't run in a transaction, such as `create index concurrently`. They
 * may be repeated after a crash, so each must be fit for it.
 */
export const OUTSIDE_TRANSACTION = "-- outside a transaction";

const LOCK_NOT_AVAILABLE = "55P03";
const PAUSE_MS = 500;

/**
 * The database was made by migrations that the baseline replaced. Its message is one sentence with the next step, and people
 * see it without a stack trace.
 */
export class ReplacedMigrationsError extends Error {
  override name = "ReplacedMigrationsError";
  readonly forPeople = true;

  constructor() {
    super(
      "This database was made by an earlier version of Cauris, whose migrations were replaced before the first release: start with an empty database, by another DATA_DIR or another DATABASE_URL.",
    );
  }
}

export interface MigrationRun {
  folder: string;
  /** A statement that can't lock its table within this time gives up, so that no writer queues behind it. */
  lockTimeoutMs?: number;
  /** How often a migration that gave up is tried again. */
  attemptsMax?: number;
}

/**
 * Runs the migrations of `folder` that this database lacks, in their order, each in a transaction of its own, and notes
 * them in drizzle's own table. drizzle's migrator runs all of them in one transaction: the locks of the first are
 * held until the last is done, and an index can't be made without blocking writers. Throws ReplacedMigrationsError for a
 * database that is older than the first migration here, else the database's error.
 */
export async function runMigrations(owner: Sql, run: MigrationRun): Promise<void> {
  const { folder, lockTimeoutMs = 1_000, attemptsMax = 60 } = run;
  await owner`create schema if not exists drizzle`;
  await owner`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`;
  const [applied] = await owner<{ oldest: string | null; newest: string | null }[]>`
    select min(created_at) as oldest, max(created_at) as newest from drizzle.__drizzle_migrations`;
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  const baselineAt = migrations[0]?.folderMillis ?? 0;
  if (Number(applied?.oldest ?? baselineAt) < baselineAt) throw new ReplacedMigrationsError();
  const pending = migrations.filter(({ folderMillis }) => folderMillis > Number(applied?.newest ?? 0));
  for (const migration of pending) await patiently(() => apply(owner, migration, lockTimeoutMs), attemptsMax);
}

async function apply(owner: Sql, migration: MigrationMeta, lockTimeoutMs: number): Promise<void> {
  const { sql: statements, hash, folderMillis } = migration;
  const note = (sql: TransactionSql | Sql) => sql`
    insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`;
  if (statements[0]?.startsWith(OUTSIDE_TRANSACTION)) {
    for (const statement of statements) await owner.unsafe(statement);
    await note(owner);
    return;
  }
  await owner.begin(async (tx) => {
    // Text of ours, not a parameter: `set` takes none.
    await tx.unsafe(`set local lock_timeout = ${Math.round(lockTimeoutMs)}`);
    for (const statement of statements) await tx.unsafe(statement);
    await note(tx);
  });
}

/** Tries again a migration that couldn't get its lock. */
async function patiently(work: () => Promise<void>, attemptsMax: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE;
      if (!isBusy || attempt >= attemptsMax) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
