-- Disputes of tontines: what a member objects to, answers and rulings; a disputed turn holds what is unpaid. Sealing covers decisions, votes,
-- disputes and rulings, otherwise as in 0035_draws.sql.
CREATE TABLE "tontine_disputes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_disputes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tontine_id" bigint NOT NULL,
	"about" text NOT NULL,
	"turn_id" bigint NOT NULL,
	"due_id" bigint,
	"payout_id" bigint,
	"opened_by_member_id" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'opened' NOT NULL,
	"answer" text,
	"answered_by_member_id" bigint,
	"outcome" text,
	"opened_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"answered_at" timestamp (6) with time zone,
	"settled_at" timestamp (6) with time zone,
	CONSTRAINT "tontine_disputes_reason" CHECK (length("tontine_disputes"."reason") between 1 and 280),
	CONSTRAINT "tontine_disputes_answer" CHECK (length("tontine_disputes"."answer") between 1 and 280),
	CONSTRAINT "tontine_disputes_object" CHECK (("tontine_disputes"."due_id" is not null) = ("tontine_disputes"."about" in ('fine', 'due')) and ("tontine_disputes"."payout_id" is not null) = ("tontine_disputes"."about" = 'payout')),
	CONSTRAINT "tontine_disputes_settled" CHECK (("tontine_disputes"."state" = 'settled') = ("tontine_disputes"."outcome" is not null))
);
--> statement-breakpoint
CREATE TABLE "tontine_dispute_rulings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tontine_dispute_rulings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"dispute_id" bigint NOT NULL,
	"member_id" bigint NOT NULL,
	"outcome" text NOT NULL,
	"ruled_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "tontine_dispute_rulings_key" UNIQUE("dispute_id","member_id"),
	CONSTRAINT "tontine_dispute_rulings_outcome" CHECK ("tontine_dispute_rulings"."outcome" in ('granted', 'upheld'))
);
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_tontine_id_tontines_id_fk" FOREIGN KEY ("tontine_id") REFERENCES "public"."tontines"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_turn_id_tontine_turns_id_fk" FOREIGN KEY ("turn_id") REFERENCES "public"."tontine_turns"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_due_id_tontine_dues_id_fk" FOREIGN KEY ("due_id") REFERENCES "public"."tontine_dues"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_payout_id_tontine_payouts_id_fk" FOREIGN KEY ("payout_id") REFERENCES "public"."tontine_payouts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_opened_by_member_id_tontine_members_id_fk" FOREIGN KEY ("opened_by_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_disputes" ADD CONSTRAINT "tontine_disputes_answered_by_member_id_tontine_members_id_fk" FOREIGN KEY ("answered_by_member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_dispute_rulings" ADD CONSTRAINT "tontine_dispute_rulings_dispute_id_tontine_disputes_id_fk" FOREIGN KEY ("dispute_id") REFERENCES "public"."tontine_disputes"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tontine_dispute_rulings" ADD CONSTRAINT "tontine_dispute_rulings_member_id_tontine_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."tontine_members"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "tontine_disputes_due_key" ON "tontine_disputes" USING btree ("due_id") WHERE "tontine_disputes"."about" = 'fine' and "tontine_disputes"."state" <> 'withdrawn';
--> statement-breakpoint
CREATE INDEX "tontine_disputes_open" ON "tontine_disputes" USING btree ("turn_id") WHERE "tontine_disputes"."state" in ('opened', 'answered');
--> statement-breakpoint
CREATE INDEX "tontine_disputes_group" ON "tontine_disputes" USING btree ("tontine_id","id");
--> statement-breakpoint
insert into tontine_states (object, state, is_initial) values
  ('dispute', 'opened', true),
  ('dispute', 'answered', false),
  ('dispute', 'settled', false),
  ('dispute', 'withdrawn', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('dispute', 'opened', 'answered'),
  ('dispute', 'opened', 'settled'),
  ('dispute', 'opened', 'withdrawn'),
  ('dispute', 'answered', 'settled'),
  ('dispute', 'answered', 'withdrawn');
--> statement-breakpoint
-- Whether a member may rule on a dispute: who holds an office, didn't open it, and isn't the debtor or the receiver that it is about.
create function tontine_may_rule(p_dispute bigint, p_member bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from tontine_disputes d join tontine_members m on m.tontine_id = d.tontine_id and m.id = p_member
    left join tontine_dues u on u.id = d.due_id left join tontine_share_holders h on h.id = u.holder_id
    left join tontine_payouts p on p.id = d.payout_id
    where d.id = p_dispute and m.user_id is not null and m.state in ('active', 'late') and cardinality(m.roles) > 0
      and m.id <> d.opened_by_member_id and m.id is distinct from h.member_id and m.id is distinct from p.member_id
      and not (d.about = 'turn' and exists (select from tontine_receivers(d.turn_id) r where r.member_id = m.id)))
$$;
--> statement-breakpoint
-- Whether a dispute's rulings settle it so: two who agree, the auditor among them where one may rule.
create function tontine_is_ruled(p_dispute bigint, p_outcome text) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select count(*) >= 2 and (bool_or('auditor' = any (m.roles)) or not exists (
    select from tontine_disputes d join tontine_members a on a.tontine_id = d.tontine_id and 'auditor' = any (a.roles)
    where d.id = p_dispute and tontine_may_rule(d.id, a.id)))
  from tontine_dispute_rulings r join tontine_members m on m.id = r.member_id
  where r.dispute_id = p_dispute and r.outcome = p_outcome
$$;
--> statement-breakpoint
-- A dispute is about something of its group; a fine is contested by its debtor within seven days.
create function check_tontine_dispute() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' and (
    not exists (select from tontine_turns t where t.id = new.turn_id and t.tontine_id = new.tontine_id)
    or not exists (select from tontine_members m where m.id = new.opened_by_member_id and m.tontine_id = new.tontine_id)
    or (new.due_id is not null and not exists (select from tontine_dues d join tontine_share_holders h on h.id = d.holder_id
      where d.id = new.due_id and d.turn_id = new.turn_id and (d.kind = 'fine') = (new.about = 'fine')
        and (new.about <> 'fine' or (h.member_id = new.opened_by_member_id and new.opened_at < d.created_at + interval '7 days'))))
    or (new.payout_id is not null and not exists (select from tontine_payouts p where p.id = new.payout_id and p.turn_id = new.turn_id))
  ) then
    raise exception 'a dispute is about something of its group' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' and new.state = 'settled' and old.state <> 'settled' and not tontine_is_ruled(new.id, new.outcome) then
    raise exception 'two officers settle a dispute' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_disputes_keep before insert or update on tontine_disputes for each row execute function
  keep_tontine_object('dispute', 'state', 'answer', 'answered_by_member_id', 'answered_at', 'outcome', 'settled_at');
--> statement-breakpoint
create trigger tontine_disputes_check before insert or update on tontine_disputes for each row execute function check_tontine_dispute();
--> statement-breakpoint
create trigger tontine_disputes_stay before delete on tontine_disputes for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_disputes_no_truncate before truncate on tontine_disputes for each statement execute function keep_row();
--> statement-breakpoint
create function check_tontine_ruling() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not tontine_may_rule(new.dispute_id, new.member_id) or not exists (select from tontine_disputes d
    where d.id = new.dispute_id and d.state in ('opened', 'answered')) then
    raise exception 'this member does not rule on this dispute' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_dispute_rulings_check before insert on tontine_dispute_rulings for each row execute function check_tontine_ruling();
--> statement-breakpoint
create trigger tontine_dispute_rulings_append_only before update or delete on tontine_dispute_rulings for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_dispute_rulings_no_truncate before truncate on tontine_dispute_rulings for each statement execute function refuse_change();
--> statement-breakpoint
-- Whether a dispute holds what is unpaid of a turn.
create function tontine_is_disputed(p_turn bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from tontine_disputes d where d.turn_id = p_turn and d.about in ('turn', 'payout') and d.state in ('opened', 'answered'))
$$;
--> statement-breakpoint
create function check_tontine_payout_disputed() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tontine_is_disputed(new.turn_id) then
    raise exception 'what is disputed is held' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_payouts_disputed_check before update of state on tontine_payouts for each row
when (new.state = 'posted' and old.state = 'proposed') execute function check_tontine_payout_disputed();
--> statement-breakpoint
revoke execute on function tontine_may_rule, tontine_is_ruled, check_tontine_dispute, check_tontine_ruling, tontine_is_disputed,
  check_tontine_payout_disputed from public;
--> statement-breakpoint
grant execute on function tontine_may_rule, tontine_is_ruled, tontine_is_disputed to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, answer, answered_by_member_id, answered_at, outcome, settled_at) on tontine_disputes to cauris_app;
--> statement-breakpoint
grant select, insert on tontine_dispute_rulings to cauris_app;
--> statement-breakpoint
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
    when 'tontine_decisions' then
      return query select row_to_json(r)::text from (
        select t.id::text as decision, t.tontine_id::text as tontine, t.kind, t.about, t.opened_by_member_id::text as opened_by,
          t.subject_member_id::text as subject, t.candidate_member_id::text as candidate, t.due_id::text as due, t.parameters,
          t.shown, encode(t.shown_hash, 'hex') as shown_hash, t.voter_ids::text[] as voters, t.opened_at, t.closes_at, t.takes_effect_at
        from tontine_decisions t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_votes' then
      return query select row_to_json(r)::text from (
        select t.id::text as vote, t.decision_id::text as decision, t.member_id::text as member, t.choice,
          encode(t.shown_hash, 'hex') as shown, t.voted_at
        from tontine_votes t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_disputes' then
      return query select row_to_json(r)::text from (
        select t.id::text as dispute, t.tontine_id::text as tontine, t.about, t.turn_id::text as turn, t.due_id::text as due,
          t.payout_id::text as payout, t.opened_by_member_id::text as opened_by, t.reason, t.opened_at
        from tontine_disputes t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_dispute_rulings' then
      return query select row_to_json(r)::text from (
        select t.id::text as ruling, t.dispute_id::text as dispute, t.member_id::text as member, t.outcome, t.ruled_at
        from tontine_dispute_rulings t where t.id between p_from and p_to order by t.id) r;
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
    when 'tontine_decisions' then (select max(id) from tontine_decisions)
    when 'tontine_votes' then (select max(id) from tontine_votes)
    when 'tontine_disputes' then (select max(id) from tontine_disputes)
    when 'tontine_dispute_rulings' then (select max(id) from tontine_dispute_rulings)
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
