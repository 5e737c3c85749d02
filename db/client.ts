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
