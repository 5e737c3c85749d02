import postgres from "postgres";
import type { Database } from "@/db/client";
import { applicationUrl } from "@/db/roles";
import { openBenchDatabase } from "@/e2e/bench/bench-database";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { createContext, type TestUser } from "@/e2e/support/people";
import { openSeveralDatabases } from "@/e2e/support/several-databases";
import { createSaver } from "@/e2e/support/vaults";
import { invariant } from "@/lib/invariant";
import { violatedInvariants } from "../violated-invariants";

/** Number of concurrent calls in a round. */
export const CALLERS = 30;

/** A database and what races in it need: the product's, or its copy without locks. */
export interface RaceDatabase {
  hasLocks: boolean;
  /** For each caller one, as of a process of its own, over one pool. */
  databases: readonly Database[];
  /** As the owner of the tables, to read the results of a race. */
  owner: postgres.Sql;
  /** Users with large balances, shared by all races. */
  people: readonly TestUser[];
  /** Number of deadlocks so far. */
  deadlocks(): Promise<number>;
  /** Every promise of the ledger that doesn't hold, as a sentence. */
  audit(): Promise<string[]>;
}

export interface RaceDatabases {
  product: RaceDatabase;
  withoutLocks: RaceDatabase;
  close(): Promise<void>;
}

const PEOPLE = 8;
const PLENTY = 1_000_000_000n;

/** Opens the migrated database and a copy of it without locks, on one server. */
export async function openRaceDatabases(): Promise<RaceDatabases> {
  const bench = await openBenchDatabase(undefined);
  const closers: (() => Promise<unknown>)[] = [bench.close];
  const close = async () => {
    for (const closeOne of closers.reverse()) await closeOne();
  };
  try {
    configureVerbs(bench.appUrl);
    const copyUrl = await copyWithoutLocks(bench.ownerUrl);
    const product = await openOne(bench.ownerUrl, true, closers);
    return { product, withoutLocks: await openOne(copyUrl, false, closers), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

async function openOne(
  ownerUrl: string,
  hasLocks: boolean,
  closers: (() => Promise<unknown>)[],
): Promise<RaceDatabase> {
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} });
  const rewrite = hasLocks ? {} : { rewrite: withoutLocks };
  const pool = await openSeveralDatabases(applicationUrl(ownerUrl), {
    ...{ count: CALLERS, name: "cauris races" },
    ...rewrite,
  });
  closers.push(() => owner.end({ timeout: 5 }), pool.close);
  const { databases, everywhere } = pool;
  const [db] = databases as [Database];
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => createSaver(db, PLENTY)));
  /** Connections report deadlocks with a delay: all are made to report now. */
  const deadlocks = async () => {
    await everywhere("select pg_stat_force_next_flush(), pg_sleep(0.005)");
    await owner`select pg_stat_clear_snapshot()`;
    const [row] = await owner<{ deadlocks: number }[]>`
      select deadlocks::int from pg_stat_database where datname = current_database()`;
    return row?.deadlocks ?? 0;
  };
  const audit = () => violatedInvariants(createContext(db, { kind: "system" }));
  return { hasLocks, databases, owner, people, deadlocks, audit };
}

/** Records when a vault's lock date changes, while its row is locked; created in both databases. */
const VAULT_LOCK_LOG = `
  create table race_vault_locks (vault_id bigint not null, locked_at timestamptz not null default clock_timestamp());
  create function race_note_vault_lock() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
  begin
    insert into race_vault_locks (vault_id) values (new.id);
    return null;
  end $$;
  create trigger race_vault_locked after update of locked_until on vaults for each row
    when (new.locked_until is distinct from old.locked_until) execute function race_note_vault_lock();`;

/** Unique keys, and the trigger of operations, which would catch some of what their row lock prevents. */
const DROPPED = `
  alter table idempotency_keys drop constraint idempotency_keys_user_id_key_pk;
  alter table identities drop constraint identities_provider_subject_pk;
  alter table refresh_tokens drop constraint refresh_tokens_pkey;
  drop index api_keys_replaces_key, ledger_entries_reverses_key, ledger_entries_source_step_key,
    ledger_postings_from_version_key, ledger_postings_to_version_key, quotes_operation_key, webhook_events_key,
    users_email_claimed_key, users_email_verified_key, users_phone_verified_key;
  drop trigger operations_keep on operations;`;

/** Locks in bodies of functions: the ledger's row locks, and the check of a vault's date. */
const LOCKS_IN_FUNCTIONS = [
  ["ledger_post", "order by id for no key update", "order by id"],
  ["start_operation", "new.type = 'vault_withdrawal'", "false"],
] as const;

/** Copies the database, which nobody may be connected to, and drops the locks of the copy. Returns its URL. */
async function copyWithoutLocks(ownerUrl: string): Promise<string> {
  await asOwner(ownerUrl, (owner) => owner.unsafe(VAULT_LOCK_LOG));
  const url = new URL(ownerUrl);
  const name = url.pathname.slice(1);
  const copy = `${name}_without_locks`;
  url.pathname = "/postgres";
  await asOwner(url.href, async (owner) => {
    await owner.unsafe(`create database ${copy} template ${name}`);
    // Detects deadlocks, which controls provoke, after 20 ms instead of a second, and doesn't wait for the disk.
    await owner.unsafe(`alter database ${copy} set deadlock_timeout = '20ms'`);
    await owner.unsafe(`alter database ${copy} set synchronous_commit = off`);
  });
  url.pathname = `/${copy}`;
  await asOwner(url.href, async (owner) => {
    await owner.unsafe(DROPPED);
    for (const [called, was, is] of LOCKS_IN_FUNCTIONS) {
      const [{ definition } = { definition: "" }] = await owner<{ definition: string }[]>`
        select pg_get_functiondef(oid) as definition from pg_proc
        where proname = ${called} and pronamespace = 'public'::regnamespace`;
      invariant(definition.includes(was), `the function ${called} contains: ${was}`);
      await owner.unsafe(definition.replace(was, is));
    }
  });
  return url.href;
}

async function asOwner(url: string, work: (owner: postgres.Sql) => Promise<unknown>): Promise<void> {
  const owner = postgres(url, { max: 1, onnotice: () => {} });
  await work(owner).finally(() => owner.end({ timeout: 5 }));
}

/** Removes the locks from a statement of the services: row locks and advisory locks. */
export function withoutLocks(statement: string): string {
  return statement
    .replace(/ for (no key )?update( of "[a-z_]+")?(?! skip locked)/g, "")
    .replace(/pg_advisory_xact_lock(_shared)?\(/g, "abs(");
}
