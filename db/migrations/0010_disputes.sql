-- outside a transaction
-- Refunds and chargebacks of credited deposits, and what a wallet owes when its money was spent already. Each statement may be
-- repeated: an index of a full table is made concurrently.
create table if not exists "disputes" (
  "id" bigint primary key generated always as identity,
  "operation_id" bigint not null,
  "type" text not null,
  "subject" text not null,
  "amount_minor" bigint not null,
  "outcome" text not null,
  "state" text default 'open' not null,
  "created_at" timestamp (6) with time zone default clock_timestamp() not null,
  "changed_at" timestamp (6) with time zone default clock_timestamp() not null,
  constraint "disputes_amount" check ("disputes"."amount_minor" > 0),
  constraint "disputes_state" check ("disputes"."state" in ('open', 'taken_back', 'kept'))
);
--> statement-breakpoint
create unique index if not exists "disputes_subject_key" on "disputes" ("operation_id", "type", "subject");
--> statement-breakpoint
create index if not exists "disputes_taken_back" on "disputes" ("operation_id") where "disputes"."state" = 'taken_back';
--> statement-breakpoint
create index if not exists "disputes_open" on "disputes" ("id") where "disputes"."state" = 'open';
--> statement-breakpoint
-- What was disputed stays, and how much of it once it has ended; its outcome and its end are written to it.
create or replace function keep_dispute() returns trigger language plpgsql as $$
begin
  if (new.id, new.operation_id, new.type, new.subject, new.created_at)
    is distinct from (old.id, old.operation_id, old.type, old.subject, old.created_at)
    or (new.amount_minor <> old.amount_minor and old.state <> 'open') then
    raise exception 'what was disputed does not change' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = 'taken_back' and new.state <> old.state then
    raise exception 'what was taken back stays taken back' using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = 'kept' and new.state = 'taken_back' then
    raise exception 'what was kept is disputed again before it is taken back' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create or replace trigger disputes_keep before update on disputes for each row execute function keep_dispute();
--> statement-breakpoint
create or replace trigger disputes_stay before delete on disputes for each row execute function keep_row();
--> statement-breakpoint
create or replace trigger disputes_no_truncate before truncate on disputes for each statement execute function keep_row();
--> statement-breakpoint
-- What the wallet owes us.
create or replace function ledger_address_owed(p_wallet bigint, p_currency text) returns text language sql immutable as $$
  select 'wallet/' || p_wallet::text || '/' || p_currency || '/owed'
$$;
--> statement-breakpoint
-- The kind of account that an address names: available, held, vault, owed, clearing, fees or suspense; null for any other address.
create or replace function ledger_address_kind(p_address text) returns text language sql immutable as $$
  select case split_part(p_address, '/', 1)
    when 'wallet' then case when split_part(p_address, '/', 4) in ('available', 'held', 'vault', 'owed')
      then split_part(p_address, '/', 4) end
    when 'clearing' then 'clearing'
    when 'fees' then 'fees'
    when 'suspense' then 'suspense'
  end
$$;
--> statement-breakpoint
-- The balance of a materialized account, locked until the transaction ends, for a posting whose amount depends on it; null for
-- an address without such an account. Locks one row, so a transaction that calls it locks no other account before or after.
create or replace function ledger_lock_balance(p_address text) returns bigint
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select balance from ledger_accounts where address = p_address and minimum_balance is not null for no key update
$$;
--> statement-breakpoint
insert into operation_states (type, state, is_initial, awaits) values
  ('deposit', 'disputed', false, 'operator'),
  ('deposit', 'taken_back', false, null),
  ('deposit', 'kept', false, null)
on conflict do nothing;
--> statement-breakpoint
insert into operation_edges (type, from_state, to_state) values
  ('deposit', 'succeeded', 'disputed'), ('deposit', 'disputed', 'taken_back'), ('deposit', 'disputed', 'kept'),
  -- Another part of it, or the same again after it seemed to have ended.
  ('deposit', 'taken_back', 'disputed'), ('deposit', 'kept', 'disputed')
on conflict do nothing;
--> statement-breakpoint
revoke execute on function ledger_lock_balance, ledger_address_owed, keep_dispute from public;
--> statement-breakpoint
grant execute on function ledger_lock_balance, ledger_address_owed to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, outcome, changed_at, amount_minor) on disputes to cauris_app;
--> statement-breakpoint
drop index concurrently if exists operations_stuck;
--> statement-breakpoint
create index concurrently operations_stuck on operations (updated_at) where state in ('disputed', 'review', 'conflict');
