import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runMigrations as migrateJobQueue } from "graphile-worker";
import postgres from "postgres";
import { APPLICATION_ROLE, applicationUrl, ensureApplicationRole } from "./roles";
import { runMigrations } from "./run-migrations";

const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));
// Any constant: all who migrate one database must wait on the same one.
const MIGRATION_LOCK = 7_226_001;
const LOCK_PAUSE_MS = 100;

// The job queue's tables have row level security without policies: only their owner would see a row.
const JOB_QUEUE_GRANTS = `
  grant usage on schema graphile_worker to ${APPLICATION_ROLE};
  grant select, insert, update, delete on all tables in schema graphile_worker to ${APPLICATION_ROLE};
  grant usage on all sequences in schema graphile_worker to ${APPLICATION_ROLE};
  grant execute on all functions in schema graphile_worker to ${APPLICATION_ROLE};
  do $$ declare t record; begin
    for t in select c.relname from pg_class c where c.relnamespace = 'graphile_worker'::regnamespace
      and c.relkind = 'r' and c.relrowsecurity and not exists (select from pg_policy p
        where p.polrelid = c.oid and p.polname = 'application') loop
      execute format('create policy application on graphile_worker.%I to ${APPLICATION_ROLE} using (true) with check (true)', t.relname);
    end loop;
  end $$;`;

/**
 * Brings a database to the newest schema: the application's role, our migrations, the job queue's, the grants.
 * Safe when several start at once (an advisory lock) and when repeated. Answers the URL the application must use,
 * as {@link applicationUrl} makes it.
 */
export async function migrateDatabase(
  ownerUrl: string,
  applicationPassword?: string,
): Promise<{ appUrl: string }> {
  const appUrl = applicationUrl(ownerUrl, applicationPassword);
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    await takeLock(owner);
    await ensureApplicationRole(owner, appUrl);
    await runMigrations(owner, { folder: MIGRATIONS_FOLDER });
    await migrateJobQueue({ connectionString: ownerUrl });
    await owner.unsafe(JOB_QUEUE_GRANTS);
  } finally {
    await owner.end();
  }
  return { appUrl };
}

// Asked for again and again: a statement that waits inside PostgreSQL holds a snapshot, for which an index that is made
// concurrently would wait in its turn.
async function takeLock(owner: postgres.Sql): Promise<void> {
  for (;;) {
    const [row] = await owner<{ taken: boolean }[]>`select pg_try_advisory_lock(${MIGRATION_LOCK}) as taken`;
    if (row?.taken === true) return;
    await sleep(LOCK_PAUSE_MS);
  }
}
