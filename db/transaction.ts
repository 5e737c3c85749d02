import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import { type Database, markCommitted, type Transaction } from "./client";

const RETRIES_MAX = 3;

// Serialization failure, deadlock, and the ledger's own races on (source, step) and on what an entry undoes: all are safe
// to run again from the top, where the loser sees what the winner wrote.
const RETRIED_CODES = new Set(["40001", "40P01"]);
const RETRIED_CONSTRAINTS = new Set(["ledger_entries_source_step_key", "ledger_entries_reverses_key"]);

interface DatabaseFault {
  code?: string;
  constraint_name?: string;
}

/** The database's own error behind drizzle's wrapper, when there is one. */
export function databaseFault(error: unknown): DatabaseFault | null {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return typeof cause === "object" && cause !== null && "code" in cause ? (cause as DatabaseFault) : null;
}

function isRetried(error: unknown): boolean {
  const fault = databaseFault(error);
  return (
    fault !== null &&
    (RETRIED_CODES.has(fault.code ?? "") || RETRIED_CONSTRAINTS.has(fault.constraint_name ?? ""))
  );
}

/**
 * Runs `work` in one read committed transaction: it commits when `work` resolves and rolls back when it throws.
 * Deadlocks and serialization failures run again, three times at most, so `work` has no effect outside the database.
 */
export async function inTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const result = await withRetries(() => db.transaction(work));
  markCommitted(db);
  return result;
}

class Undone extends Error {
  override name = "Undone";
}

/** Does `work` and undoes it, for an answer that must take as long as one that does it. */
export async function doAndUndo(tx: Transaction, work: (tx: Transaction) => Promise<void>): Promise<void> {
  try {
    await tx.transaction(async (savepoint) => {
      await work(savepoint);
      throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
}

/** Runs reads that may take long, within a time of their own. Throws as `isLockTimeout` recognizes when it is over. */
export async function readWithin<T>(
  db: Database,
  limitMs: number,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql.raw(`set local statement_timeout = ${Math.round(limitMs)}`));
    return await work(tx);
  });
}

/** The retries of {@link inTransaction} for work that is one statement, and so its own transaction. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= RETRIES_MAX || !isRetried(error)) throw error;
      await sleep(Math.random() * 20 * 2 ** attempt);
    }
  }
}

/**
 * The postgres.js handle of an open transaction, for prepared SQL on the hot path: drizzle builds its text anew
 * and sends it unprepared each time. The one place that knows where drizzle keeps it.
 */
export function preparedSql(reader: Transaction | Database): Sql {
  if ("$client" in reader) return reader.$client;
  const session = Reflect.get(reader, "session") as { client: Sql };
  return session.client;
}
