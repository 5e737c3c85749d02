-- An operator can freeze a wallet: money comes in, and none goes out.
CREATE TABLE "wallet_freezes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "wallet_freezes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"wallet_id" bigint NOT NULL,
	"frozen" boolean NOT NULL,
	"operator" text NOT NULL,
	"note" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "wallet_freezes_operator" CHECK (length("wallet_freezes"."operator") between 1 and 80),
	CONSTRAINT "wallet_freezes_note" CHECK (length("wallet_freezes"."note") between 1 and 500)
);
--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "frozen_at" timestamp (6) with time zone;--> statement-breakpoint
CREATE INDEX "wallet_freezes_wallet" ON "wallet_freezes" USING btree ("wallet_id","id" DESC NULLS LAST);--> statement-breakpoint
grant select, insert on wallet_freezes to cauris_app;
--> statement-breakpoint
create trigger wallet_freezes_append_only before update or delete on wallet_freezes
for each row execute function refuse_change();
--> statement-breakpoint
create trigger wallet_freezes_no_truncate before truncate on wallet_freezes
for each statement execute function refuse_change();
--> statement-breakpoint
-- As in 0003_transfer_posting.sql, with the verdict wallet_frozen.
-- Sends a list of transfers between wallets; each ends with a verdict of its own and doesn't fail the others:
--   posted, replayed (its key stands for this very transfer, sent before), mismatch (its key was used for something else),
--   insufficient_funds, recipient_not_found (also when the recipient is frozen), recipient_is_self,
--   unauthenticated (the sender has no wallet or is frozen), wallet_frozen (the sender's wallet is).
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
--                           |                | users by id                     |
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
  senders bigint[]; recipients bigint[];
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
    end) order by n.position)
  into senders, recipients, verdicts
  from (
    select n.position, n.verdict, r.id as recipient,
      (select w.id from wallets w where w.user_id = n.user_id) as sender,
      (select w.frozen_at from wallets w where w.user_id = n.user_id) as sender_frozen_at,
      (select u.frozen_at from users u where u.id = n.user_id) as user_frozen_at,
      (select u.frozen_at from users u where u.id = r.user_id) as recipient_frozen_at
    from unnest(p_users, p_numbers, verdicts) with ordinality as n(user_id, number, verdict, position)
    left join lateral (select w.id, w.user_id from wallets w where w.number = n.number limit 1) r on true
    offset 0
  ) n;

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
    'wallet_frozen'] then
    update idempotency_keys k set reference = null
    from unnest(p_users, p_keys, p_references, verdicts) as n(user_id, key, reference, verdict)
    where k.user_id = n.user_id and k.key = n.key and k.reference = n.reference
      and n.verdict not in ('posted', 'replayed', 'mismatch');
  end if;
end $$;
--> statement-breakpoint
-- Sends a list of one user's transfers under one key, or under none. `answer` is a JSON array of
-- {"verdict", "reference"}, in order; `outcome` is sent, replayed (the stored answer, nothing moved), mismatch,
-- unauthenticated or wallet_frozen. Unlike a single transfer's, refusals are part of what is kept: the key stands for the whole list.
create or replace function transfer_post_list(
  p_user bigint, p_actor text, p_key text, p_hash text,
  p_numbers text[], p_currencies text[], p_amounts bigint[], p_notes text[], p_references text[],
  out outcome text, out answer text
) language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  size constant int := cardinality(p_references);
  verdicts text[]; refs text[];
begin
  if p_key is not null then
    insert into idempotency_keys (user_id, key, input_hash) values (p_user, p_key, decode(p_hash, 'hex'))
    on conflict do nothing;
    if not found then
      select case when k.input_hash = decode(p_hash, 'hex') and k.answer is not null then 'replayed' else 'mismatch' end,
        k.answer
      into strict outcome, answer from idempotency_keys k where k.user_id = p_user and k.key = p_key;
      return;
    end if;
  end if;

  select t.verdicts, t.refs into verdicts, refs from transfer_post(
    array_fill(p_user, array[size]), array_fill(p_actor, array[size]), p_numbers, p_currencies, p_amounts, p_notes,
    p_references, array_fill(null::text, array[size]), array_fill(null::text, array[size])) t;
  -- One sender: frozen for one transfer, frozen for all, and nothing was sent.
  if verdicts && array['unauthenticated', 'wallet_frozen'] then
    outcome := verdicts[1];
    delete from idempotency_keys k where k.user_id = p_user and k.key = p_key;
    return;
  end if;
  select json_agg(json_build_object('verdict', v.verdict, 'reference', v.reference) order by v.position)::text
  into answer from unnest(verdicts, refs) with ordinality as v(verdict, reference, position);
  outcome := 'sent';
  if p_key is not null then
    update idempotency_keys k set answer = transfer_post_list.answer where k.user_id = p_user and k.key = p_key;
  end if;
end $$;
