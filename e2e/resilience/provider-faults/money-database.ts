import postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { openBenchDatabase } from "@/e2e/bench/bench-database";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { newKey } from "@/lib/ids";
import { sweepOnce } from "@/lib/jobs/sweeps";
import { createTasks } from "@/lib/jobs/tasks";
import type { Context } from "@/lib/services/context";
import { violatedInvariants } from "../violated-invariants";
import { JobQueue } from "./job-queue";
import { installTestClock, type TestClock } from "./test-clock";

const CONNECTIONS = 16;

/** Verbs, jobs and sweeps of the product in this process, on a database and a clock of their own. */
export interface MoneyDatabase {
  db: Database;
  /** As the owner of the tables. */
  owner: postgres.Sql;
  clock: TestClock;
  queue: JobQueue;
  /** A context of `actor`, the system unless given, at the test clock's time. */
  context(actor?: Context["actor"]): Context;
  sweep(): Promise<void>;
  /** The ledger invariants that don't hold, a sentence each. */
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openMoneyDatabase(): Promise<MoneyDatabase> {
  const database = await openBenchDatabase(undefined);
  const clock = await installTestClock(database.owner);
  // Commits don't wait for the disk: nothing kills this database.
  await database.owner.unsafe(`do $$ begin
    execute format('alter database %I set synchronous_commit = off', current_database());
  end $$`);
  configureVerbs(database.appUrl);
  const db = openDatabase(database.appUrl, { max: CONNECTIONS, name: "cauris resilience" });
  const owner = postgres(database.ownerUrl, { max: 8, onnotice: () => {} });
  const context = (actor: Context["actor"] = { kind: "system" }): Context => ({
    ...{ actor, requestId: newKey(), db, now: clock.now() },
  });
  return {
    ...{ db, owner, clock, context },
    queue: new JobQueue(owner, database.appUrl, createTasks(db)),
    sweep: () => sweepOnce(db),
    audit: () => violatedInvariants(context()),
    close: async () => {
      await closeDatabase(db);
      await owner.end({ timeout: 5 });
      await database.close();
    },
  };
}
