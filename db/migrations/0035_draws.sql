-- The draw of a cycle's order: members' numbers, the frozen sheet, and its result. lib/services/tontines/order says how.
CREATE TABLE "tontine_draw_numbers" (
	"cycle_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"number" text NOT NULL,
	"added_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_draw_numbers_cycle_id_member_id_pk" PRIMARY KEY("cycle_id","member_id"),
	CONSTRAINT "tontine_draw_numbers_number" CHECK ("tontine_draw_numbers"."number" ~ '^[0-9]{1,9}$')
);
--> statement-breakpoint
CREATE TABLE "tontine_draw_results" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_draw_results_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"draw_id" bigint NOT NULL,
	"round" integer,
	"lotto_day" date,
	"randomness" text NOT NULL,
	"signature" text,
	"mirror" text,
	"confirmed_by" bigint,
	"seed" text NOT NULL,
	"share_order" text NOT NULL,
	"drawn_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_draw_results_draw_key" UNIQUE("draw_id"),
	CONSTRAINT "tontine_draw_results_source" CHECK (("tontine_draw_results"."round" is null) <> ("tontine_draw_results"."lotto_day" is null)),
	CONSTRAINT "tontine_draw_results_randomness" CHECK (case when "tontine_draw_results"."round" is null then "tontine_draw_results"."randomness" ~ '^[1-9][0-9]?(-[1-9][0-9]?){4}$' and "tontine_draw_results"."confirmed_by" is not null
        else "tontine_draw_results"."randomness" = encode(sha256(decode("tontine_draw_results"."signature", 'hex')), 'hex') end)
);
--> statement-breakpoint
CREATE TABLE "tontine_draw_shares" (
	"draw_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"share_id" bigint NOT NULL,
	"added" text NOT NULL,
	CONSTRAINT "tontine_draw_shares_draw_id_number_pk" PRIMARY KEY("draw_id","number"),
	CONSTRAINT "tontine_draw_shares_share_key" UNIQUE("draw_id","share_id")
);
--> statement-breakpoint
CREATE TABLE "tontine_draws" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_draws_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"cycle_id" bigint NOT NULL,
	"state" text DEFAULT 'frozen' NOT NULL,
	"source" text NOT NULL,
	"round" integer,
	"lotto" text,
	"lotto_day" date,
	"sheet" text NOT NULL,
	"draws_at" timestamp (6) with time zone NOT NULL,
	"frozen_by" bigint NOT NULL,
	"frozen_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp (6) with time zone,
	"problem" text,
	"typed_numbers" text,
	"typed_day" date,
	"typed_by" bigint,
	CONSTRAINT "tontine_draws_cycle_key" UNIQUE("cycle_id"),
	CONSTRAINT "tontine_draws_source" CHECK (("tontine_draws"."source" = 'quicknet') = ("tontine_draws"."round" is not null) and ("tontine_draws"."source" = 'lotto') = ("tontine_draws"."lotto" is not null)
      and ("tontine_draws"."lotto" is null) = ("tontine_draws"."lotto_day" is null)),
	CONSTRAINT "tontine_draws_lotto" CHECK ("tontine_draws"."lotto" ~ '^[A-Za-z0-9][A-Za-z0-9 .-]{0,39}$'),
	CONSTRAINT "tontine_draws_ahead" CHECK ("tontine_draws"."draws_at" >= "tontine_draws"."frozen_at" + interval '1 hour'),
	CONSTRAINT "tontine_draws_round" CHECK ("tontine_draws"."round" is null or "tontine_draws"."draws_at" = to_timestamp(1692803367 + ("tontine_draws"."round" - 1)::bigint * 3)),
	CONSTRAINT "tontine_draws_typed" CHECK (("tontine_draws"."state" = 'typed') <= ("tontine_draws"."typed_numbers" is not null and "tontine_draws"."typed_day" is not null and "tontine_draws"."typed_by" is not null))
);
--> statement-breakpoint
ALTER TABLE "tontine_draw_numbers" ADD CONSTRAINT "tontine_draw_numbers_cycle_id_tontine_cycles_id_fk" FOREIGN KEY ("cycle_id") REFERENCES "public"."tontine_cycles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draw_numbers" ADD CONSTRAINT "tontine_draw_numbers_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draw_results" ADD CONSTRAINT "tontine_draw_results_draw_id_tontine_draws_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."tontine_draws"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draw_results" ADD CONSTRAINT "tontine_draw_results_confirmed_by_tontine_members_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draw_shares" ADD CONSTRAINT "tontine_draw_shares_draw_id_tontine_draws_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."tontine_draws"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draw_shares" ADD CONSTRAINT "tontine_draw_shares_share_id_tontine_shares_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."tontine_shares"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draws" ADD CONSTRAINT "tontine_draws_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draws" ADD CONSTRAINT "tontine_draws_cycle_id_tontine_cycles_id_fk" FOREIGN KEY ("cycle_id") REFERENCES "public"."tontine_cycles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draws" ADD CONSTRAINT "tontine_draws_frozen_by_tontine_members_id_fk" FOREIGN KEY ("frozen_by") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tontine_draws" ADD CONSTRAINT "tontine_draws_typed_by_tontine_members_id_fk" FOREIGN KEY ("typed_by") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tontine_draws_open" ON "tontine_draws" USING btree ("next_try_at") WHERE "tontine_draws"."state" = 'frozen' and "tontine_draws"."source" = 'quicknet';--> statement-breakpoint
insert into tontine_states (object, state, is_initial) values
  ('draw', 'frozen', true),
  ('draw', 'typed', false),
  ('draw', 'drawn', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('draw', 'frozen', 'typed'),
  ('draw', 'frozen', 'drawn'),
  ('draw', 'typed', 'frozen'),
  ('draw', 'typed', 'drawn');
--> statement-breakpoint
create trigger tontine_draws_keep before insert or update on tontine_draws
for each row execute function keep_tontine_object('draw', 'state', 'tries', 'next_try_at', 'problem', 'typed_numbers', 'typed_day', 'typed_by');
--> statement-breakpoint
create trigger tontine_draws_stay before delete on tontine_draws for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_draws_no_truncate before truncate on tontine_draws for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_draw_numbers_keep before insert or update on tontine_draw_numbers
for each row execute function keep_tontine_object('', 'number', 'added_at');
--> statement-breakpoint
create trigger tontine_draw_numbers_stay before delete on tontine_draw_numbers for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_draw_numbers_no_truncate before truncate on tontine_draw_numbers for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_draw_shares_append_only before update or delete on tontine_draw_shares for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_draw_shares_no_truncate before truncate on tontine_draw_shares for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_draw_results_append_only before update or delete on tontine_draw_results for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_draw_results_no_truncate before truncate on tontine_draw_results for each statement execute function refuse_change();
--> statement-breakpoint
-- A line of text as SHA-256 in hex.
create function tontine_sha256(p_text text) returns text language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select encode(sha256(convert_to(p_text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- The numbers of a share's holders in a draw, joined by + where each of two halves has one.
create function tontine_draw_added(p_cycle bigint, p_share bigint) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(string_agg(x.number, '+' order by h.id), '') from tontine_share_holders h
  join tontine_draw_numbers x on x.cycle_id = p_cycle and x.member_id = h.member_id
  where h.share_id = p_share and h.ended_at is null
$$;
--> statement-breakpoint
-- The order of so many shares by a sheet and its randomness: by SHA-256 of seed:share, the smallest first.
create function tontine_draw_order(p_seed text, p_shares int) returns text
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select string_agg(n::text, ' ' order by sha256(convert_to(p_seed || ':' || n, 'UTF8'))) from generate_series(1, p_shares) n
$$;
--> statement-breakpoint
-- What a sheet begins with: the group, its cycle and where the randomness comes from.
create function tontine_draw_heading(p_cycle bigint, p_source text, p_round int, p_lotto text, p_lotto_day date) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select 'tirage/1|' || g.code || '|' || c.number || '|' || c.share_count || '|' || case p_source
    when 'quicknet' then 'quicknet:' || p_round else 'lotto:' || p_lotto || ':' || to_char(p_lotto_day, 'YYYY-MM-DD') end
  from tontine_cycles c join tontines g on g.id = c.tontine_id where c.id = p_cycle
$$;
--> statement-breakpoint
-- A sheet is frozen once all have signed rules that say "by draw", and is written here with the numbers and shares as they are, such as
-- tirage/1|T7K4Q2|1|4|quicknet:34563412|1:4821|2:77|3:|4:2026.
create function check_tontine_draw() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from tontines g join tontine_cycles c on c.tontine_id = g.id join tontine_rules r on r.id = c.rules_id
    where g.id = new.tontine_id and c.id = new.cycle_id and g.state = 'agreed' and r.parameters ->> 'order' = 'draw') then
    raise exception 'a draw is frozen once all have signed for it' using errcode = 'integrity_constraint_violation';
  end if;
  new.sheet := tontine_draw_heading(new.cycle_id, new.source, new.round, new.lotto, new.lotto_day) || '|' || (
    select string_agg(s.position || ':' || tontine_draw_added(new.cycle_id, s.id), '|' order by s.position)
    from tontine_shares s where s.cycle_id = new.cycle_id);
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_draws_check before insert on tontine_draws for each row execute function check_tontine_draw();
--> statement-breakpoint
create function keep_tontine_draw_shares() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into tontine_draw_shares (draw_id, number, share_id, added)
  select new.id, s.position, s.id, tontine_draw_added(new.cycle_id, s.id) from tontine_shares s where s.cycle_id = new.cycle_id;
  return null;
end $$;
--> statement-breakpoint
create trigger tontine_draws_shares_check after insert on tontine_draws for each row execute function keep_tontine_draw_shares();
--> statement-breakpoint
-- A number is added by a member of the group before the sheet is frozen, and stays as it is afterwards.
create function check_tontine_draw_number() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from tontine_draws d where d.cycle_id = new.cycle_id) or not exists (
    select from tontine_cycles c join tontine_members m on m.tontine_id = c.tontine_id
    where c.id = new.cycle_id and m.id = new.member_id and c.started_at is null) then
    raise exception 'numbers are added before the sheet is frozen' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_draw_numbers_check before insert or update on tontine_draw_numbers
for each row execute function check_tontine_draw_number();
--> statement-breakpoint
-- A result comes after the randomness was published: of quicknet from the sheet's round or a later one, of a lotto from what an officer typed and
-- another one confirmed. Seed and order are computed here.
create function check_tontine_draw_result() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  draw tontine_draws;
begin
  select d.* into draw from tontine_draws d where d.id = new.draw_id for no key update;
  if new.drawn_at < draw.draws_at or not (case draw.source
    when 'quicknet' then draw.state = 'frozen' and new.round >= draw.round
    else draw.state = 'typed' and new.lotto_day = draw.typed_day and new.randomness = draw.typed_numbers
      and new.confirmed_by <> draw.typed_by end) then
    raise exception 'a draw takes randomness that was published after its sheet' using errcode = 'integrity_constraint_violation';
  end if;
  new.seed := tontine_sha256(draw.sheet || '|' || new.randomness);
  new.share_order := tontine_draw_order(new.seed, (select c.share_count from tontine_cycles c where c.id = draw.cycle_id));
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_draw_results_check before insert on tontine_draw_results for each row execute function check_tontine_draw_result();
--> statement-breakpoint
-- The shares in the order that rules have them; null where they don't say.
create function tontine_share_ids(p_parameters jsonb) returns bigint[]
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select array_agg(x::bigint order by n) from jsonb_array_elements_text(p_parameters -> 'shareIds') with ordinality as e(x, n)
$$;
--> statement-breakpoint
-- Whether each share of a cycle stands where it should: where the draw put it; before the result, where it was when the sheet was frozen; and
-- of an order that was agreed, where the rules that all sign have it.
create function tontine_order_is_kept(p_cycle bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select not exists (
    select from tontine_draws d join tontine_draw_shares n on n.draw_id = d.id join tontine_shares s on s.id = n.share_id
    left join tontine_draw_results r on r.draw_id = d.id
    where d.cycle_id = p_cycle
      and s.position <> coalesce(array_position(string_to_array(r.share_order, ' '), n.number::text), n.number))
    and not exists (
      select from tontine_cycles c join tontine_rules r on r.id = c.rules_id join tontine_shares s on s.cycle_id = c.id
      where c.id = p_cycle and coalesce(r.parameters ->> 'order', 'fixed') = 'fixed'
        and s.position <> coalesce(array_position(tontine_share_ids(r.parameters), s.id), case when r.parameters ? 'shareIds' then 0 else s.position end))
$$;
--> statement-breakpoint
create function check_tontine_drawn_share() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not tontine_order_is_kept(new.cycle_id) then
    raise exception 'the order is the one that was agreed or drawn' using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
-- At the commit: positions pass through others while they change.
create constraint trigger tontine_shares_drawn_check after update on tontine_shares deferrable initially deferred
for each row when (old.position <> new.position) execute function check_tontine_drawn_share();
--> statement-breakpoint
-- Whoever holds a share when the sheet is frozen holds it until the start: nobody comes or goes to be drawn again.
create function check_tontine_drawn_holder() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (tg_op = 'INSERT' or new.ended_at is distinct from old.ended_at) and exists (
    select from tontine_shares s join tontine_cycles c on c.id = s.cycle_id and c.started_at is null
    join tontine_draws d on d.cycle_id = c.id where s.id = new.share_id) then
    raise exception 'shares stay with their holders from the draw to the start' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_share_holders_drawn_check before insert or update on tontine_share_holders
for each row execute function check_tontine_drawn_holder();
--> statement-breakpoint
-- The rules of a cycle stay from the freeze on, and a cycle whose rules say "by draw" starts with an order that was drawn.
create function check_tontine_drawn_cycle() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.rules_id <> old.rules_id and exists (select from tontine_draws d where d.cycle_id = new.id) then
    raise exception 'rules stay from the draw on' using errcode = 'integrity_constraint_violation';
  end if;
  if new.started_at is not null and old.started_at is null
    and exists (select from tontine_rules r where r.id = new.rules_id and r.parameters ->> 'order' = 'draw')
    and not exists (select from tontine_draws d join tontine_draw_results x on x.draw_id = d.id where d.cycle_id = new.id) then
    raise exception 'a cycle whose order is drawn starts after the draw' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_cycles_drawn_check before update on tontine_cycles for each row execute function check_tontine_drawn_cycle();
--> statement-breakpoint
revoke execute on function tontine_sha256, tontine_draw_added, tontine_draw_order, tontine_draw_heading, check_tontine_draw, keep_tontine_draw_shares,
  check_tontine_draw_number, check_tontine_draw_result, tontine_order_is_kept, tontine_share_ids, check_tontine_drawn_share, check_tontine_drawn_holder,
  check_tontine_drawn_cycle from public;
--> statement-breakpoint
grant execute on function tontine_sha256, tontine_draw_added, tontine_draw_order, tontine_draw_heading, tontine_order_is_kept, tontine_share_ids to cauris_app;
--> statement-breakpoint
grant select, insert, update (number, added_at) on tontine_draw_numbers to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, tries, next_try_at, problem, typed_numbers, typed_day, typed_by) on tontine_draws to cauris_app;
--> statement-breakpoint
grant select on tontine_draw_shares to cauris_app;
--> statement-breakpoint
grant select, insert on tontine_draw_results to cauris_app;
--> statement-breakpoint
-- Sealing covers sheets and results. As in the migration before it otherwise.
create or replace function ledger_seal_lines(p_subject text, p_from bigint, p_to bigint) returns table (line text)
language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' as $$
begin
  case p_subject
    when 'accounts' then
      return query select row_to_json(r)::text from (
        select a.id::text as account, a.address, a.currency, a.minimum_balance::text as minimum_balance
        from ledger_accounts a where a.id between p_from and p_to order by a.id) r;
    when 'entries' then
      return query select row_to_json(r)::text from (
        select e.id::text as entry, e.source, e.step, e.occurred_at, e.recorded_at, e.reverses_entry_id::text as reverses
        from ledger_entries e where e.id between p_from and p_to order by e.id) r;
      return query select row_to_json(r)::text from (
        select m.entry_id::text as posting, m.position::text as position, m.from_account::text as "from",
          m.to_account::text as "to", m.currency, m.amount::text as amount, m.from_balance::text as from_balance,
          m.from_version::text as from_version, m.to_balance::text as to_balance, m.to_version::text as to_version,
          m.recorded_at
        from ledger_postings m where m.entry_id between p_from and p_to order by m.entry_id, m.position) r;
    when 'checkpoints' then
      -- Few accounts and many rows each: from account to account by their key, which has the entry second.
      return query with recursive derived(id) as (
        (select k.account_id from ledger_checkpoints k order by k.account_id limit 1)
        union all
        select (select k.account_id from ledger_checkpoints k where k.account_id > s.id order by k.account_id limit 1)
        from derived s where s.id is not null
      )
      select row_to_json(r)::text from (
        select c.entry_id::text as checkpoint, c.account_id::text as account, c.balance::text as balance, c.created_at
        from derived s join ledger_checkpoints c on c.account_id = s.id and c.entry_id between p_from and p_to
        order by c.entry_id, c.account_id) r;
    when 'wallets' then
      return query select row_to_json(r)::text from (
        select w.id::text as wallet, w.user_id::text as "user", w.number, w.created_at
        from wallets w where w.id between p_from and p_to order by w.id) r;
    when 'vaults' then
      return query select row_to_json(r)::text from (
        select v.id::text as vault, v.wallet_id::text as wallet, v.currency, v.created_at
        from vaults v where v.id between p_from and p_to order by v.id) r;
    when 'operations' then
      return query select row_to_json(r)::text from (
        select o.id::text as operation, o.reference, o.type, o.wallet_id::text as wallet, o.currency,
          o.amount_minor::text as amount, o.fee_minor::text as fee, o.provider, o.method, o.phone, o.bank_code, o.bank_name,
          o.account_number, o.account_name, o.counterparty_wallet_id::text as counterparty, o.vault_id::text as vault,
          o.note, o.return_url, o.created_at
        from operations o where o.id between p_from and p_to order by o.id) r;
    when 'events' then
      return query select row_to_json(r)::text from (
        select v.id::text as event, v.operation_id::text as operation, v.from_state, v.to_state, v.reason, v.actor,
          v.created_at
        from operation_events v where v.id between p_from and p_to order by v.id) r;
    when 'tontines' then
      return query select row_to_json(r)::text from (
        select t.id::text as tontine, t.code, t.name, t.currency, t.zone, t.founder_user_id::text as founder, t.created_at
        from tontines t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_rules' then
      return query select row_to_json(r)::text from (
        select t.id::text as rules, t.tontine_id::text as tontine, t.version::text as version, t.parameters, t.text_fr, t.text_en,
          encode(t.hash, 'hex') as hash, t.created_at
        from tontine_rules t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_signatures' then
      return query select row_to_json(r)::text from (
        select t.id::text as signature, t.rules_id::text as rules, t.member_id::text as member, encode(t.hash, 'hex') as hash,
          t.signed_by_user_id::text as signed_by, t.signed_at
        from tontine_signatures t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_dues' then
      return query select row_to_json(r)::text from (
        select t.id::text as due, t.tontine_id::text as tontine, t.turn_id::text as turn, t.share_id::text as share,
          t.holder_id::text as holder, t.kind, t.amount_minor::text as amount, t.due_at, t.created_at
        from tontine_dues t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_due_payments' then
      return query select row_to_json(r)::text from (
        select t.id::text as payment, t.due_id::text as due, t.part::text as part, t.amount_minor::text as amount, t.via,
          t.payer_member_id::text as payer, t.operation_id::text as operation, t.mandate_id::text as mandate,
          t.entry_id::text as entry, t.paid_at
        from tontine_due_payments t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_payouts' then
      return query select row_to_json(r)::text from (
        select t.id::text as payout, t.tontine_id::text as tontine, t.turn_id::text as turn, t.holder_id::text as holder,
          t.instalment::text as instalment, t.member_id::text as member, t.amount_minor::text as amount,
          t.approved_payout_id::text as approved_by, encode(t.shown_hash, 'hex') as shown, t.proposed_at
        from tontine_payouts t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_approvals' then
      return query select row_to_json(r)::text from (
        select t.id::text as approval, t.payout_id::text as payout, t.member_id::text as member, encode(t.shown_hash, 'hex') as
          shown, t.approved_at
        from tontine_approvals t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_draws' then
      return query select row_to_json(r)::text from (
        select t.id::text as draw, t.tontine_id::text as tontine, t.cycle_id::text as cycle, t.source, t.round::text as round, t.lotto,
          t.lotto_day, t.sheet, t.draws_at, t.frozen_by::text as frozen_by, t.frozen_at
        from tontine_draws t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_draw_results' then
      return query select row_to_json(r)::text from (
        select t.id::text as result, t.draw_id::text as draw, t.round::text as round, t.lotto_day, t.randomness, t.signature, t.mirror,
          t.confirmed_by::text as confirmed_by, t.seed, t.share_order, t.drawn_at
        from tontine_draw_results t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_events' then
      return query select row_to_json(r)::text from (
        select t.id::text as event, t.tontine_id::text as tontine, t.kind, t.actor, t.member_id::text as member, t.turn_id::text as
          turn, t.due_id::text as due, t.payout_id::text as payout, t.amount_minor::text as amount, t.details,
          t.created_at
        from tontine_events t where t.id between p_from and p_to order by t.id) r;
    else
      -- A seal whose subject was changed has no lines, and so another hash.
      return;
  end case;
end $$;
--> statement-breakpoint
create or replace function ledger_seal_newest(p_subject text) returns bigint
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
  return case p_subject
    when 'accounts' then (select max(id) from ledger_accounts)
    when 'entries' then (select max(id) from ledger_entries)
    when 'wallets' then (select max(id) from wallets)
    when 'vaults' then (select max(id) from vaults)
    when 'tontines' then (select max(id) from tontines)
    when 'tontine_rules' then (select max(id) from tontine_rules)
    when 'tontine_signatures' then (select max(id) from tontine_signatures)
    when 'tontine_dues' then (select max(id) from tontine_dues)
    when 'tontine_due_payments' then (select max(id) from tontine_due_payments)
    when 'tontine_payouts' then (select max(id) from tontine_payouts)
    when 'tontine_approvals' then (select max(id) from tontine_approvals)
    when 'tontine_draws' then (select max(id) from tontine_draws)
    when 'tontine_draw_results' then (select max(id) from tontine_draw_results)
    when 'tontine_events' then (select max(id) from tontine_events)
    when 'operations' then (select max(id) from operations)
    when 'events' then (select max(id) from operation_events)
    when 'checkpoints' then (
      with recursive derived(id) as (
        (select k.account_id from ledger_checkpoints k order by k.account_id limit 1)
        union all
        select (select k.account_id from ledger_checkpoints k where k.account_id > s.id order by k.account_id limit 1)
        from derived s where s.id is not null
      )
      select max((select max(k.entry_id) from ledger_checkpoints k where k.account_id = s.id)) from derived s)
  end;
end $$;
