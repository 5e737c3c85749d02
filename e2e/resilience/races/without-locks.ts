import type postgres from "postgres";
import { invariant } from "@/lib/invariant";

/** Made in both deployments: when a vault's date changed, while its row was locked. */
export const WITNESS = `
  create table proof_vault_locks (vault_id bigint not null, locked_at timestamptz not null default clock_timestamp());
  create function proof_note_vault_lock() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
  begin
    insert into proof_vault_locks (vault_id) values (new.id);
    return null;
  end $$;
  create trigger proof_vault_locked after update of locked_until on vaults for each row
    when (new.locked_until is distinct from old.locked_until) execute function proof_note_vault_lock();`;

// Ids of its own: what the process remembers of somebody by their id isn't about somebody of the other deployment.
const OTHER_IDS = "alter sequence users_id_seq restart with 1000000000";

/** Deadlocks, which the control is made of, are found sooner than in a second, and nobody waits for the disk. */
const IMPATIENT = (database: string) => `alter database ${database} set deadlock_timeout = '20ms';
  alter database ${database} set synchronous_commit = off`;

const CONSTRAINTS = [
  ["idempotency_keys", "idempotency_keys_user_id_key_pk"],
  ["identities", "identities_provider_subject_pk"],
  ["refresh_tokens", "refresh_tokens_pkey"],
  ["users", "users_email_key"],
];

const INDEXES = [
  "api_keys_replaces_key",
  "ledger_entries_reverses_key",
  "ledger_entries_source_step_key",
  "ledger_postings_from_version_key",
  "ledger_postings_to_version_key",
  "quotes_operation_key",
  "webhook_events_key",
];

const ROW_LOCKS = "order by id for no key update";

/** Takes every lock away that the schema holds: unique keys, the ledger's row locks, the vault's date in its trigger. */
export async function takeSchemaLocks(owner: postgres.Sql, database: string): Promise<void> {
  const statements = [
    OTHER_IDS,
    IMPATIENT(database),
    ...CONSTRAINTS.map(([table, name]) => `alter table ${table} drop constraint ${name}`),
    ...INDEXES.map((name) => `drop index ${name}`),
    // The edges between states keep some of what the row's lock keeps.
    "drop trigger operations_keep on operations",
    await changed(owner, "start_operation", ["new.type = 'vault_withdrawal'", "false"]),
    // The same posting and transfers once more, with all locks, but taken in no order.
    await changed(
      owner,
      "ledger_post",
      [ROW_LOCKS, "order by random() for no key update"],
      "ledger_post_crossed",
    ),
    await changed(owner, "transfer_post", ["ledger_post(", "ledger_post_crossed("], "transfer_post_crossed"),
    await changed(
      owner,
      "transfer_post_list",
      ["transfer_post(", "transfer_post_crossed("],
      "transfer_post_list_crossed",
    ),
    await changed(owner, "ledger_post", [ROW_LOCKS, "order by id"]),
    "grant execute on function transfer_post_crossed, transfer_post_list_crossed to cauris_app",
  ];
  for (const statement of statements) await owner.unsafe(statement);
}

/** A function's definition with one thing changed in its body, under its own name or another. */
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
  invariant(row.body.includes(was), `${name} still says: ${was}`);
  const head = row.definition
    .replace(row.body, () => "\u0001")
    .replace(`public.${name}(`, `public.${newName}(`);
  return head.replace("\u0001", () => row.body.replace(was, is).replaceAll(`${name}.`, `${newName}.`));
}

/** Takes away what a statement of the services locks: rows, the switch of payouts, a claimed e-mail address. */
export function withoutLocks(statement: string): string {
  return statement
    .replace(/ for (no key )?update( of "[a-z_]+")?(?! skip locked)/g, "")
    .replace(/on conflict \("email"\) do nothing/g, "")
    .replace(/pg_advisory_xact_lock(_shared)?\(/g, "abs(");
}

/** Transfers that lock accounts in no order, instead of by id. */
export function inNoOrder(statement: string): string {
  return statement.replace(/transfer_post(_list)?\(/g, "transfer_post$1_crossed(");
}
