-- What was written stays written, for the owner too, by triggers: whole rows, or what in a row must not change. And revocations are
-- announced.

-- Refuses any change: a correction of an entry is a new entry that reverses it.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
-- The ledger and the history of operations.
create trigger ledger_entries_append_only before update or delete on ledger_entries
for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_entries_no_truncate before truncate on ledger_entries
for each statement execute function refuse_change();
--> statement-breakpoint
create trigger ledger_postings_append_only before update or delete on ledger_postings
for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_postings_no_truncate before truncate on ledger_postings
for each statement execute function refuse_change();
--> statement-breakpoint
create trigger operation_events_append_only before update or delete on operation_events
for each row execute function refuse_change();
--> statement-breakpoint
create trigger operation_events_no_truncate before truncate on operation_events
for each statement execute function refuse_change();
--> statement-breakpoint
-- What operators did: who stopped payouts, what was decided, when and why.
create trigger payout_switches_append_only before update or delete on payout_switches
for each row execute function refuse_change();
--> statement-breakpoint
create trigger payout_switches_no_truncate before truncate on payout_switches
for each statement execute function refuse_change();
--> statement-breakpoint
create trigger decisions_append_only before update or delete on decisions
for each row execute function refuse_change();
--> statement-breakpoint
create trigger decisions_no_truncate before truncate on decisions
for each statement execute function refuse_change();
--> statement-breakpoint
-- What reconciliation found.
create trigger reconciliation_runs_stay before delete on reconciliation_runs
for each row execute function refuse_change();
--> statement-breakpoint
create trigger reconciliation_breaks_stay before delete on reconciliation_breaks
for each row execute function refuse_change();
--> statement-breakpoint
-- An account keeps its address, currency and minimum balance for ever, its version never falls, and it is never deleted.
create function keep_ledger_account() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.id <> old.id or new.address <> old.address or new.currency <> old.currency
    or new.minimum_balance is distinct from old.minimum_balance or new.version < old.version then
    raise exception 'a ledger account keeps its name' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger ledger_accounts_no_delete before delete on ledger_accounts
for each row execute function keep_ledger_account();
--> statement-breakpoint
create trigger ledger_accounts_keep before update of id, address, currency, minimum_balance on ledger_accounts
for each row execute function keep_ledger_account();
--> statement-breakpoint
-- Rows that others name without a foreign key keep their id and are never deleted (db/README.md says why).
create function keep_row() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % stays, under its id', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
--> statement-breakpoint
create trigger wallets_stay before delete on wallets for each row execute function keep_row();
--> statement-breakpoint
create trigger wallets_keep_id before update of id, user_id on wallets for each row
when (new.id <> old.id or new.user_id <> old.user_id) execute function keep_row();
--> statement-breakpoint
create trigger wallets_no_truncate before truncate on wallets for each statement execute function keep_row();
--> statement-breakpoint
create trigger operations_stay before delete on operations for each row execute function keep_row();
--> statement-breakpoint
create trigger operations_no_truncate before truncate on operations for each statement execute function keep_row();
--> statement-breakpoint
-- A vault keeps its wallet, its currency and its date, and is never unlocked before the date that was set.
create function keep_vault() returns trigger language plpgsql as $$
begin
  if (new.id, new.wallet_id, new.currency, new.created_at) is distinct from (old.id, old.wallet_id, old.currency, old.created_at)
    or (old.locked_until is not null and (new.locked_until is null or new.locked_until < old.locked_until)) then
    raise exception 'a vault keeps its wallet, its currency and its date' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger vaults_keep before update on vaults for each row execute function keep_vault();
--> statement-breakpoint
-- What an API key may do and until when is fixed when it is made; a revocation stays.
create function keep_api_key() returns trigger language plpgsql as $$
begin
  if (new.id, new.user_id, new.hash, new.prefix, new.permissions, new.expires_at, new.created_at, new.replaces_key_id)
    is distinct from
     (old.id, old.user_id, old.hash, old.prefix, old.permissions, old.expires_at, old.created_at, old.replaces_key_id)
    or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at) then
    raise exception 'a key keeps what it may do' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger api_keys_keep before update on api_keys for each row execute function keep_api_key();
--> statement-breakpoint
-- A row of reconciliation changes once, when it ends: the trigger's argument is the column that says when, and the columns below may
-- be written with it.
create function keep_until_ended() returns trigger language plpgsql as $$
declare
  mutable constant text[] := array['resolved_at', 'finished_at', 'compared'];
begin
  if to_jsonb(old) ->> tg_argv[0] is not null or to_jsonb(new) - mutable is distinct from to_jsonb(old) - mutable then
    raise exception 'a row of % stays as it was', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger reconciliation_runs_keep before update on reconciliation_runs
for each row execute function keep_until_ended('finished_at');
--> statement-breakpoint
create trigger reconciliation_breaks_keep before update on reconciliation_breaks
for each row execute function keep_until_ended('resolved_at');
--> statement-breakpoint
-- Tells processes that keep credentials in memory: `key:<id>`, `session:<id>` or `user:<id>` on cauris_credentials, at commit.
create function announce_revocation() returns trigger language plpgsql as $$
begin
  perform pg_notify('cauris_credentials', tg_argv[0] || ':' || new.id);
  return null;
end $$;
--> statement-breakpoint
create trigger api_keys_revoked after update of revoked_at on api_keys
for each row when (new.revoked_at is distinct from old.revoked_at) execute function announce_revocation('key');
--> statement-breakpoint
create trigger api_sessions_revoked after update of revoked_at on api_sessions
for each row when (new.revoked_at is distinct from old.revoked_at) execute function announce_revocation('session');
--> statement-breakpoint
create trigger users_frozen after update of frozen_at on users
for each row when (new.frozen_at is distinct from old.frozen_at) execute function announce_revocation('user');
