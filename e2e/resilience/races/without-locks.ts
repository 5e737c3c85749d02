import type postgres from "postgres";
import { invariant } from "@/lib/invariant";

/** Records when a vault's lock date changes, while its row is locked; created in both databases. */
export const VAULT_LOCK_LOG = `
  create table race_vault_locks (vault_id bigint not null, locked_at timestamptz not null default clock_timestamp());
  create function race_note_vault_lock() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
  begin
    insert into race_vault_locks (vault_id) values (new.id);
    return null;
  end $$;
  create trigger race_vault_locked after update of locked_until on vaults for each row
    when (new.locked_until is distinct from old.locked_until) execute function race_note_vault_lock();`;

// Ids differ from the product database's: caches in this process are keyed by user id.
const OTHER_IDS = "alter sequence users_id_seq restart with 1000000000";

/** Detects deadlocks, which controls provoke, after 20 ms instead of a second, and doesn't wait for the disk. */
const settingsOf = (database: string) => `alter database ${database} set deadlock_timeout = '20ms';
  alter database ${database} set synchronous_commit = off`;

const CONSTRAINTS = [
  ["idempotency_keys", "idempotency_keys_user_id_key_pk"],
  ["identities", "identities_provider_subject_pk"],
  ["refresh_tokens", "refresh_tokens_pkey"],
];

const INDEXES = [
  "api_keys_replaces_key",
  "ledger_entries_reverses_key",
  "ledger_entries_source_step_key",
  "ledger_postings_from_version_key",
  "ledger_postings_to_version_key",
  "quotes_operation_key",
  "users_email_claimed_key",
  "users_email_verified_key",
  "users_phone_verified_key",
  "webhook_events_key",
];

const ROW_LOCKS = "order by id for no key update";

/** Removes the locks of the schema: unique keys, the ledger's row locks, and the check of a vault's date in its trigger. */
export async function dropSchemaLocks(owner: postgres.Sql, database: string): Promise<void> {
  const statements = [
    OTHER_IDS,
    settingsOf(database),
    ...CONSTRAINTS.map(([table, name]) => `alter table ${table} drop constraint ${name}`),
    ...INDEXES.map((name) => `drop index ${name}`),
    // The check of state changes would catch some of what the row lock prevents.
    "drop trigger operations_keep on operations",
    await changed(owner, "start_operation", ["new.type = 'vault_withdrawal'", "false"]),
    // Copies of the posting and transfer functions that lock accounts in random order.
    await changed(
      owner,
      "ledger_post",
      [ROW_LOCKS, "order by random() for no key update"],
      "ledger_post_unordered",
    ),
    await changed(
      owner,
      "transfer_post",
      ["ledger_post(", "ledger_post_unordered("],
      "transfer_post_unordered",
    ),
    await changed(
      owner,
      "transfer_post_list",
      ["transfer_post(", "transfer_post_unordered("],
      "transfer_post_list_unordered",
    ),
    await changed(owner, "ledger_post", [ROW_LOCKS, "order by id"]),
    "grant execute on function transfer_post_unordered, transfer_post_list_unordered to cauris_app",
  ];
  for (const statement of statements) await owner.unsafe(statement);
}

/** The definition of a function with one change in its body, under its own name or another. Throws if the text isn't there. */
async function changed(
  owner: postgres.Sql,
  name: string,
  [was, is]: [string, string],
  newName = name,
): Promise<string> {
  const [row] = await owner<{ definition: string; body: string }[]>`
    select pg_get_functiondef(oid) as definition, prosrc as body from pg_proc
    where proname = ${name} and pronamespace = 'public'::regnamespace`;
  invariant(row, `there is a function ${name}`);
  invariant(row.body.includes(was), `the body of ${name} contains: ${was}`);
  const head = row.definition
    .replace(row.body, () => "\u0001")
    .replace(`public.${name}(`, `public.${newName}(`);
  return head.replace("\u0001", () => row.body.replace(was, is).replaceAll(`${name}.`, `${newName}.`));
}

/** Removes the locks from a statement of the services: row locks and advisory locks. */
export function withoutLocks(statement: string): string {
  return statement
    .replace(/ for (no key )?update( of "[a-z_]+")?(?! skip locked)/g, "")
    .replace(/pg_advisory_xact_lock(_shared)?\(/g, "abs(");
}

/** Makes a transfer statement lock accounts in random order instead of by id. */
export function unorderedLocks(statement: string): string {
  return statement.replace(/transfer_post(_list)?\(/g, "transfer_post$1_unordered(");
}
