-- Notices: what people are told, written in the transaction of what it tells. Those about money are written by a trigger on
-- operation_events, driven by the rows of operation_notices, so that whatever changes an operation tells of it.
create table "notices" (
  "user_id" bigint not null,
  "id" bigint generated always as identity,
  "kind" text not null,
  "operation_id" bigint,
  "details" jsonb,
  "key" text,
  "also_to" jsonb,
  "created_at" timestamp (6) with time zone default clock_timestamp() not null,
  "read_at" timestamp (6) with time zone,
  "queued_at" timestamp (6) with time zone,
  constraint "notices_user_id_id_pk" primary key ("user_id", "id"),
  constraint "notices_key_length" check (length("notices"."key") between 1 and 200)
);
--> statement-breakpoint
create unique index "notices_key" on "notices" using btree ("user_id", "key") where "notices"."key" is not null;
--> statement-breakpoint
create index "notices_unread" on "notices" using btree ("user_id") where "notices"."read_at" is null;
--> statement-breakpoint
create index "notices_unqueued" on "notices" using btree ("id") where "notices"."queued_at" is null;
--> statement-breakpoint
create table "notice_choices" (
  "user_id" bigint not null,
  "group" text not null,
  "channel" text not null,
  "is_on" boolean not null,
  "changed_at" timestamp (6) with time zone default clock_timestamp() not null,
  constraint "notice_choices_user_id_group_channel_pk" primary key ("user_id", "group", "channel"),
  constraint "notice_choices_channel" check ("notice_choices"."channel" in ('email', 'sms', 'push'))
);
--> statement-breakpoint
create table "scheduled_notices" (
  "user_id" bigint not null,
  "kind" text not null,
  "details" jsonb not null,
  "key" text not null,
  "due_at" timestamp (6) with time zone not null,
  constraint "scheduled_notices_user_id_key_pk" primary key ("user_id", "key"),
  constraint "scheduled_notices_key_length" check (length("scheduled_notices"."key") between 1 and 150)
);
--> statement-breakpoint
create index "scheduled_notices_due" on "scheduled_notices" using btree ("due_at");
--> statement-breakpoint
-- Vaults that were locked before.
insert into scheduled_notices (user_id, kind, details, key, due_at)
select w.user_id, 'vault_unlocked', jsonb_build_object('vaultId', v.id::text, 'name', v.name), 'vault_unlocked:' || v.id, v.locked_until
from vaults v join wallets w on w.id = v.wallet_id where v.locked_until > now() and v.closed_at is null;
--> statement-breakpoint
create table "operation_notices" (
  "type" text not null,
  "from_state" text not null,
  "to_state" text not null,
  "party" text not null,
  "kind" text not null,
  constraint "operation_notices_type_to_state_from_state_party_pk" primary key ("type", "to_state", "from_state", "party"),
  constraint "operation_notices_state_fk" foreign key ("type", "to_state") references "operation_states" ("type", "state"),
  constraint "operation_notices_party" check ("operation_notices"."party" in ('owner', 'counterparty'))
);
--> statement-breakpoint
-- Empty `from_state`: the first event of an operation.
insert into operation_notices (type, from_state, to_state, party, kind) values
  ('deposit', 'pending', 'succeeded', 'owner', 'deposit_credited'),
  ('deposit', 'failed', 'succeeded', 'owner', 'deposit_credited'),
  ('deposit', 'expired', 'succeeded', 'owner', 'deposit_credited'),
  ('deposit', 'review', 'succeeded', 'owner', 'deposit_credited'),
  ('deposit', 'pending', 'failed', 'owner', 'deposit_failed'),
  ('deposit', 'review', 'failed', 'owner', 'deposit_assigned'),
  ('deposit', 'pending', 'review', 'owner', 'deposit_in_review'),
  ('deposit', 'failed', 'review', 'owner', 'deposit_in_review'),
  ('deposit', 'expired', 'review', 'owner', 'deposit_in_review'),
  ('deposit', 'succeeded', 'disputed', 'owner', 'deposit_disputed'),
  ('deposit', 'taken_back', 'disputed', 'owner', 'deposit_disputed'),
  ('deposit', 'kept', 'disputed', 'owner', 'deposit_disputed'),
  ('deposit', 'disputed', 'taken_back', 'owner', 'deposit_taken_back'),
  ('deposit', 'disputed', 'kept', 'owner', 'deposit_kept'),
  ('withdrawal', 'created', 'paid', 'owner', 'withdrawal_paid'),
  ('withdrawal', 'submitting', 'paid', 'owner', 'withdrawal_paid'),
  ('withdrawal', 'submitted', 'paid', 'owner', 'withdrawal_paid'),
  ('withdrawal', 'unknown', 'paid', 'owner', 'withdrawal_paid'),
  ('withdrawal', 'conflict', 'paid', 'owner', 'withdrawal_paid'),
  ('withdrawal', 'submitting', 'refunded', 'owner', 'withdrawal_refunded'),
  ('withdrawal', 'submitted', 'refunded', 'owner', 'withdrawal_refunded'),
  ('withdrawal', 'unknown', 'refunded', 'owner', 'withdrawal_refunded'),
  ('withdrawal', 'reversed', 'refunded', 'owner', 'withdrawal_refunded'),
  ('withdrawal', 'conflict', 'refunded', 'owner', 'withdrawal_refunded'),
  ('withdrawal', 'refunded', 'conflict', 'owner', 'withdrawal_in_review'),
  ('transfer', '', 'succeeded', 'owner', 'transfer_sent'),
  ('transfer', '', 'succeeded', 'counterparty', 'transfer_received');
--> statement-breakpoint
-- After each statement that writes events: one insert for all of them, so a list of transfers costs one call. Reads operations,
-- wallets and operation_notices by key; locks nothing but its new rows.
create function write_operation_notices() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp
-- As in transfer_post: short lists and long tables, planned once a connection.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set plan_cache_mode = force_generic_plan set jit = off
as $$
begin
  insert into notices (user_id, kind, operation_id, created_at)
  select
    (select w.user_id from wallets w
      where w.id = case n.party when 'owner' then o.wallet_id else o.counterparty_wallet_id end),
    n.kind, e.operation_id, e.created_at
  from made e
  cross join lateral (
    select x.type, x.wallet_id, x.counterparty_wallet_id from operations x where x.id = e.operation_id limit 1
  ) o
  cross join lateral (
    select x.party, x.kind from operation_notices x
    where x.type = o.type and x.to_state = e.to_state and x.from_state = coalesce(e.from_state, '')
    offset 0
  ) n
  -- No notice of a cancellation: the person who cancelled knows it.
  where e.reason is distinct from 'cancelled'
  order by e.id;
  return null;
end $$;
--> statement-breakpoint
create trigger operation_events_notices after insert on operation_events referencing new table as made
for each statement execute function write_operation_notices();
--> statement-breakpoint
-- Only that it was read and queued is ever written to a notice.
create function keep_notice() returns trigger language plpgsql as $$
begin
  if (new.user_id, new.id, new.kind, new.operation_id, new.details, new.key, new.created_at)
    is distinct from (old.user_id, old.id, old.kind, old.operation_id, old.details, old.key, old.created_at)
    or (old.queued_at is not null and new.queued_at is null) or (old.read_at is not null and new.read_at is null) then
    raise exception 'a notice stays as it was written' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger notices_keep before update on notices for each row execute function keep_notice();
--> statement-breakpoint
revoke execute on function write_operation_notices, keep_notice from public;
--> statement-breakpoint
grant select on operation_notices to cauris_app;
--> statement-breakpoint
grant select, insert, update (read_at, queued_at, also_to) on notices to cauris_app;
--> statement-breakpoint
grant select, insert, update, delete on notice_choices, scheduled_notices to cauris_app;
--> statement-breakpoint
alter table push_subscriptions add column session_id uuid;
