import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** The pool behind drizzle. Verbs get it through their context and open transactions on it. */
export type Database = PostgresJsDatabase & { $client: postgres.Sql };

/** An open transaction. A {@link Database} does not fit where one is required: forgetting it doesn't compile. */
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Anything that can run a query: for reads that don't need a transaction. */
export type Reader = Database | Transaction;

export interface DatabaseOptions {
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
}

// In seconds. The driver's own pause doubles and more with each connection that fails, to twenty seconds: a busy pool would be
// down for longer than its database.
const RECONNECT_PAUSE = 0.2;

/** Opens a pool. Statements and locks are bounded, so that one stuck query can't hold the deployment. */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const client = postgres(url, {
    max: options.max,
    idle_timeout: 300,
    connect_timeout: 10,
    backoff: () => RECONNECT_PAUSE * (0.5 + Math.random()),
    onnotice: () => {},
    connection: {
      application_name: options.name,
      statement_timeout: 15_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  });
  return drizzle({ client });
}

export async function closeDatabase(database: Database): Promise<void> {
  await database.$client.end({ timeout: 5 });
}

interface TrackedCommits {
  pool: Database;
  hasCommitted: boolean;
}

const trackedCommits = new WeakMap<Database, TrackedCommits>();

/**
 * A handle on `pool` for one request, so that {@link hasCommitted} can tell whether a failure came after a commit. Not
 * AsyncLocalStorage: on Node 20 that slows every promise of the process.
 */
export function trackCommits(pool: Database): Database {
  const handle: Database = Object.create(poolOf(pool));
  trackedCommits.set(handle, { pool: poolOf(pool), hasCommitted: false });
  return handle;
}

/** The pool behind a handle, for what is kept once a pool. */
export function poolOf(db: Database): Database {
  return trackedCommits.get(db)?.pool ?? db;
}

/** For a statement that is its own transaction: says that it has committed. */
export function markCommitted(db: Database): void {
  const tracked = trackedCommits.get(db);
  if (tracked) tracked.hasCommitted = true;
}

/** True once anything was committed through this handle; false for a pool itself. */
export function hasCommitted(db: Database): boolean {
  return trackedCommits.get(db)?.hasCommitted ?? false;
}
