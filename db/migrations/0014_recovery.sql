-- What a forgotten password or PIN, and a change of phone or e-mail address, leave behind; how much may leave a wallet after them.
CREATE TABLE "contact_alarms" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"contact" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"used_at" timestamp (6) with time zone,
	CONSTRAINT "contact_alarms_hash" CHECK (length("contact_alarms"."token_hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "money_out_limits" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "money_out_limits_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"cause" text NOT NULL,
	"allowed" jsonb NOT NULL,
	"after_operation_id" bigint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"until" timestamp (6) with time zone NOT NULL,
	"lifted_at" timestamp (6) with time zone,
	CONSTRAINT "money_out_limits_until" CHECK ("money_out_limits"."until" > "money_out_limits"."created_at")
);
--> statement-breakpoint
CREATE TABLE "password_recoveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint,
	"contact_kind" text NOT NULL,
	"contact" text NOT NULL,
	"code_id" uuid NOT NULL,
	"proven_at" timestamp (6) with time zone,
	"other_code_id" uuid,
	"other_proven_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	"used_at" timestamp (6) with time zone,
	CONSTRAINT "password_recoveries_kind" CHECK ("password_recoveries"."contact_kind" in ('phone', 'email'))
);
--> statement-breakpoint
CREATE TABLE "pin_resets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "pin_resets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"hash" text,
	"limit_id" bigint NOT NULL,
	"requested_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"effective_at" timestamp (6) with time zone NOT NULL,
	"ended_at" timestamp (6) with time zone,
	"outcome" text,
	CONSTRAINT "pin_resets_outcome" CHECK (("pin_resets"."ended_at" is null) = ("pin_resets"."outcome" is null)),
	CONSTRAINT "pin_resets_hash" CHECK (("pin_resets"."ended_at" is null) = ("pin_resets"."hash" is not null))
);
--> statement-breakpoint
ALTER TABLE "contact_alarms" ADD CONSTRAINT "contact_alarms_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "money_out_limits" ADD CONSTRAINT "money_out_limits_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "password_recoveries" ADD CONSTRAINT "password_recoveries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pin_resets" ADD CONSTRAINT "pin_resets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pin_resets" ADD CONSTRAINT "pin_resets_limit_id_money_out_limits_id_fk" FOREIGN KEY ("limit_id") REFERENCES "public"."money_out_limits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contact_alarms_user" ON "contact_alarms" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "money_out_limits_user" ON "money_out_limits" USING btree ("user_id","until") WHERE "money_out_limits"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "password_recoveries_expiry" ON "password_recoveries" USING btree ("expires_at") WHERE "password_recoveries"."used_at" is null;--> statement-breakpoint
CREATE INDEX "password_recoveries_user" ON "password_recoveries" USING btree ("user_id","used_at");--> statement-breakpoint
CREATE UNIQUE INDEX "pin_resets_open_key" ON "pin_resets" USING btree ("user_id") WHERE "pin_resets"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "pin_resets_user" ON "pin_resets" USING btree ("user_id","id");
--> statement-breakpoint
grant select, insert on money_out_limits, password_recoveries, pin_resets, contact_alarms to cauris_app;
--> statement-breakpoint
grant update (lifted_at) on money_out_limits to cauris_app;
--> statement-breakpoint
grant delete, update (code_id, proven_at, other_code_id, other_proven_at, used_at) on password_recoveries to cauris_app;
--> statement-breakpoint
grant update (hash, ended_at, outcome) on pin_resets to cauris_app;
--> statement-breakpoint
grant update (used_at) on contact_alarms to cauris_app;
--> statement-breakpoint
-- What a person may still send out of their wallet in a currency: the least that one of their running limits leaves, and when that
-- limit ends; both null without a limit. A limit counts the amounts, without fees, of transfers and withdrawals by the person
-- (not by an API key) since it began, except for those that came back. p_lock: nobody else counts or lifts until the transaction
-- ends, so that what is checked and what is posted are one; without a limit nothing is locked.
create function money_out_left(p_user bigint, p_currency text, p_lock boolean, out left_minor bigint, out until timestamptz)
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  if p_lock then
    perform from money_out_limits l where l.user_id = p_user and l.lifted_at is null and l.until > moment order by l.id for update;
  end if;
  select greatest(0, coalesce((l.allowed ->> p_currency)::bigint, 0) - used.amount_minor), l.until
  into left_minor, until
  from money_out_limits l
  cross join lateral (
    select coalesce(sum(o.amount_minor), 0)::bigint as amount_minor
    from operations o
    where o.wallet_id = (select w.id from wallets w where w.user_id = p_user) and o.id > l.after_operation_id
      and o.currency = p_currency and o.type in ('transfer', 'withdrawal') and o.state not in ('refunded', 'reversed')
      and (select v.actor from operation_events v where v.operation_id = o.id order by v.id limit 1) not like 'key:%'
  ) used
  where l.user_id = p_user and l.lifted_at is null and l.until > moment
  order by 1, 2 desc
  limit 1;
end $$;
--> statement-breakpoint
revoke execute on function money_out_left from public;
--> statement-breakpoint
grant execute on function money_out_left to cauris_app;
--> statement-breakpoint
-- As in 0009_wallet_freeze.sql, with the verdict money_out_limited.
-- Sends a list of transfers between wallets; each ends with a verdict of its own and doesn't fail the others:
--   posted, replayed (its key stands for this very transfer, sent before), mismatch (its key was used for something else),
--   insufficient_funds, recipient_not_found (also when the recipient is frozen), recipient_is_self,
--   unauthenticated (the sender has no wallet or is frozen), wallet_frozen (the sender's wallet is), money_out_limited (more than
--   the limits on the sender leave; API keys aren't limited).
-- The call is its own transaction, so no lock is held across a round trip.
--
-- Shapes: one element a transfer in every list; amounts in minor units; p_notes, p_keys and p_hashes may hold nulls; p_hashes are
-- SHA-256 in hexadecimal; a key stands once in a list. `refs` answers the reference that was given, or the one that a
-- replayed key stands for. A list that breaks these shapes: invalid_parameter_value, and nothing is written.
-- Bounds: 1,000 transfers a call; ledger_post's for amounts.
--
-- The client makes one round trip. Inside, each phase is one statement over the whole list, or none:
--   phase                   | statements     | reads                           | locks until the end of the transaction
--   1 check shapes          | 0              |                                 |
--   2 claim keys            | 0 or 1         | idempotency keys                | new key rows, in (user, key) order: a concurrent
--                           |                |                                 | claim of the same key waits
--   3 read claimed keys     | 0 or 1 (and    | the keys that others claimed    | keys of refused transfers that are tried again
--                           | 1 a retry)     |                                 |
--   4 find the wallets      | 1              | wallets by user and by number,  |
--                           |                | users by id, limits by user     |
--   4b apply limits         | 0, or 3 for    | limits and what went out since  | the limits of senders who have some, in user order
--                           | each limited   | they began                      |
--                           | sender         |                                 |
--   5 name the accounts     | 1              | only the lists                  |
--   6 post                  | 1 ledger_post  | see there                       | accounts, in id order
--   7 record                | 0 or 1         |                                 | new rows of operations and operation_events
--   8 release keys          | 0 or 1         |                                 | keys of refused transfers
-- A refused transfer keeps its key with the hash of what it was for: the same transfer may try again, another is a mismatch.
-- Sent again with the same references, after its answer was lost, a list moves nothing twice.
create or replace function transfer_post(
  p_users bigint[], p_actors text[], p_numbers text[], p_currencies text[], p_amounts bigint[], p_notes text[],
  p_references text[], p_keys text[], p_hashes text[],
  out verdicts text[], out refs text[]
) language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
-- As in ledger_post: short lists and long tables, planned once a connection.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set plan_cache_mode = force_generic_plan set jit = off
as $$
declare
  size constant int := cardinality(p_references);
  key_count constant int := cardinality(array_remove(p_keys, null));
  moment constant timestamptz := clock_timestamp();
  claimed int; known int := 0; known_key record;
  senders bigint[]; recipients bigint[]; limited boolean[]; item record;
  limited_user bigint; limited_currency text; left_minor bigint;
  -- for ledger_post: the n-th entry is the transfer at item_at[n]
  addresses text[]; from_at int[]; to_at int[]; item_at int[]; sources text[]; currencies text[]; amounts bigint[];
  entries int; posted text[]; i int;
  -- what will be written
  o int := 0; o_id bigint[]; o_at int[];
begin
  -- 1: check shapes.
  if size = 0 or size > 1000 or cardinality(p_users) <> size or cardinality(p_actors) <> size
    or cardinality(p_numbers) <> size or cardinality(p_currencies) <> size or cardinality(p_amounts) <> size
    or cardinality(p_notes) <> size or cardinality(p_keys) <> size or cardinality(p_hashes) <> size then
    raise exception 'transfer_post: the list has a wrong shape' using errcode = 'invalid_parameter_value';
  end if;
  verdicts := array_fill(null::text, array[size]);
  refs := p_references;

  -- 2: claim keys.
  if key_count > 0 then
    insert into idempotency_keys (user_id, key, input_hash, reference)
    select n.user_id, n.key, decode(n.hash, 'hex'), n.reference
    from unnest(p_users, p_keys, p_hashes, p_references) as n(user_id, key, hash, reference)
    where n.key is not null
    order by n.user_id, n.key collate "C"
    on conflict do nothing;
    get diagnostics claimed = row_count;
    -- 3: read the keys that were claimed before.
    if claimed < key_count then
      for known_key in
        select n.position, n.user_id, n.key, n.reference as wanted, k.reference, k.answer,
          k.input_hash = decode(n.hash, 'hex') as is_same
        from unnest(p_users, p_keys, p_hashes, p_references) with ordinality as n(user_id, key, hash, reference, position)
        cross join lateral (
          select x.reference, x.answer, x.input_hash from idempotency_keys x
          where x.user_id = n.user_id and x.key = n.key limit 1
        ) k
        order by n.user_id, n.key collate "C"
      loop
        known := known + 1;
        continue when known_key.reference = known_key.wanted;
        if known_key.reference = any (p_references) then
          raise exception 'transfer_post: a key stands once in a list' using errcode = 'invalid_parameter_value';
        end if;
        if known_key.is_same and known_key.reference is null and known_key.answer is null then
          -- What it stood for was refused: the same transfer may try again, and no other one.
          update idempotency_keys k set reference = known_key.wanted
          where k.user_id = known_key.user_id and k.key = known_key.key and k.reference is null and k.answer is null;
          continue when found;
          select k.reference into known_key.reference from idempotency_keys k
          where k.user_id = known_key.user_id and k.key = known_key.key;
        end if;
        if known_key.is_same and known_key.reference is not null then
          verdicts[known_key.position] := 'replayed';
          refs[known_key.position] := known_key.reference;
        else
          verdicts[known_key.position] := 'mismatch';
        end if;
      end loop;
      if known <> key_count then
        raise exception 'transfer_post: a key went away' using errcode = 'serialization_failure';
      end if;
    end if;
  end if;

  -- 4: find the wallets. Sub-selects, which always look up by key: a join planned while the tables were small would read all of it.
  select array_agg(n.sender order by n.position), array_agg(n.recipient order by n.position),
    array_agg(coalesce(n.verdict, case
      when n.sender is null or n.user_frozen_at is not null then 'unauthenticated'
      when n.sender_frozen_at is not null then 'wallet_frozen'
      when n.recipient is null then 'recipient_not_found'
      when n.recipient = n.sender then 'recipient_is_self'
      when n.recipient_frozen_at is not null then 'recipient_not_found'
    end) order by n.position),
    array_agg(n.is_limited order by n.position)
  into senders, recipients, verdicts, limited
  from (
    select n.position, n.verdict, r.id as recipient,
      (select w.id from wallets w where w.user_id = n.user_id) as sender,
      (select w.frozen_at from wallets w where w.user_id = n.user_id) as sender_frozen_at,
      (select u.frozen_at from users u where u.id = n.user_id) as user_frozen_at,
      exists (select from money_out_limits l where l.user_id = n.user_id and l.lifted_at is null and l.until > moment) as is_limited,
      (select u.frozen_at from users u where u.id = r.user_id) as recipient_frozen_at
    from unnest(p_users, p_numbers, verdicts) with ordinality as n(user_id, number, verdict, position)
    left join lateral (select w.id, w.user_id from wallets w where w.number = n.number limit 1) r on true
    offset 0
  ) n;

  -- 4b: apply limits. What this list sends before counts, even where it is then refused for lack of funds.
  if true = any (limited) then
    for item in
      select n.position, n.user_id, n.currency, n.amount, n.reference
      from unnest(p_users, p_actors, p_currencies, p_amounts, p_references, verdicts, limited) with ordinality
        as n(user_id, actor, currency, amount, reference, verdict, is_limited, position)
      where n.is_limited and n.verdict is null and n.actor not like 'key:%'
      order by n.user_id, n.currency collate "C", n.position
    loop
      if (item.user_id, item.currency) is distinct from (limited_user, limited_currency) then
        limited_user := item.user_id; limited_currency := item.currency;
        select m.left_minor into left_minor from money_out_left(item.user_id, item.currency, true) m;
      end if;
      -- This very transfer was committed, and its answer lost: it is among what was counted.
      continue when exists (select from operations x where x.reference = item.reference);
      if item.amount > left_minor then
        verdicts[item.position] := 'money_out_limited';
      else
        left_minor := left_minor - item.amount;
      end if;
    end loop;
  end if;

  -- 5: name the accounts, ascending and each once, for ledger_post.
  with ends as (
    select n.position, n.reference, n.currency, n.amount, e.is_source,
      ledger_address_available(e.wallet_id, n.currency) as address
    from unnest(verdicts, senders, recipients, p_references, p_currencies, p_amounts) with ordinality
      as n(verdict, sender, recipient, reference, currency, amount, position)
    cross join lateral (values (true, n.sender), (false, n.recipient)) as e(is_source, wallet_id)
    where n.verdict is null
  ), ranked as (
    select *, dense_rank() over w as at, lag(address) over w is distinct from address as is_first
    from ends window w as (order by address collate "C")
  )
  select array_agg(address order by at) filter (where is_first), array_agg(at order by position) filter (where is_source),
    array_agg(at order by position) filter (where not is_source), array_agg(position order by position) filter (where is_source),
    array_agg(reference order by position) filter (where is_source),
    array_agg(currency order by position) filter (where is_source),
    array_agg(amount order by position) filter (where is_source)
  into addresses, from_at, to_at, item_at, sources, currencies, amounts
  from ranked;
  entries := coalesce(cardinality(sources), 0);

  -- 6: post.
  if entries > 0 then
    select p.verdicts into posted from ledger_post(
      addresses, sources, array_fill('transfer'::text, array[entries]), array_fill(moment, array[entries]),
      array_fill(null::bigint, array[entries]), array_fill(1, array[entries]), from_at, to_at, currencies, amounts) p;
    for n in 1..entries loop
      i := item_at[n];
      if posted[n] = 'posted' then
        o := o + 1;
        o_id[o] := nextval('operations_id_seq'); o_at[o] := i;
        verdicts[i] := 'posted';
      elsif posted[n] = 'duplicate' then
        -- This very list was committed, and its answer lost.
        verdicts[i] := 'posted';
      elsif posted[n] = 'insufficient_funds' then
        verdicts[i] := posted[n];
      else
        -- A reference that another transfer has, or an account that no wallet opened.
        raise exception 'transfer_post: % ended as %', sources[n], posted[n]
          using errcode = case posted[n] when 'mismatch' then 'unique_violation' else 'data_exception' end;
      end if;
    end loop;
  end if;

  -- 7: record what was posted.
  if o > 0 then
    with made as (
      insert into operations (id, reference, type, wallet_id, currency, amount_minor, state, counterparty_wallet_id, note,
        created_at, updated_at)
      overriding system value
      select n.id, p_references[n.at], 'transfer', senders[n.at], p_currencies[n.at], p_amounts[n.at], 'succeeded',
        recipients[n.at], p_notes[n.at], moment, moment
      from unnest(o_id, o_at) as n(id, at)
    )
    insert into operation_events (operation_id, to_state, actor, created_at)
    select n.id, 'succeeded', p_actors[n.at], moment from unnest(o_id, o_at) as n(id, at);
  end if;

  -- 8: release the keys of refused transfers.
  if key_count > 0 and verdicts && array['insufficient_funds', 'recipient_not_found', 'recipient_is_self', 'unauthenticated',
    'wallet_frozen', 'money_out_limited'] then
    update idempotency_keys k set reference = null
    from unnest(p_users, p_keys, p_references, verdicts) as n(user_id, key, reference, verdict)
    where k.user_id = n.user_id and k.key = n.key and k.reference = n.reference
      and n.verdict not in ('posted', 'replayed', 'mismatch');
  end if;
end $$;
