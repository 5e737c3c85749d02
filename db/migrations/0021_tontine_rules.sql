-- What holds tontines to their states and rules, whoever writes: kinds of states as rows, triggers that refuse every other edge, and what
-- the application's role may do. TypeScript has the same states (lib/services/tontines/kinds.ts); a test compares.
insert into tontine_states (object, state, is_initial) values
  ('group', 'draft', true),
  ('group', 'inviting', false),
  ('group', 'agreed', false),
  ('group', 'running', false),
  ('group', 'paused', false),
  ('group', 'closing', false),
  ('group', 'closed', false),
  ('group', 'cancelled', false),
  ('member', 'invited', true),
  ('member', 'signed', false),
  ('member', 'active', false),
  ('member', 'late', false),
  ('member', 'defaulted', false),
  ('member', 'settled', false),
  ('member', 'left', false),
  ('member', 'replaced', false),
  ('member', 'excluded', false),
  ('member', 'deceased', false),
  ('turn', 'planned', true),
  ('turn', 'called', false),
  ('turn', 'complete', false),
  ('turn', 'short', false),
  ('turn', 'approved', false),
  ('turn', 'part_paid', false),
  ('turn', 'paid', false),
  ('turn', 'confirmed', false),
  ('turn', 'closed', false),
  ('turn', 'cancelled', false),
  ('due', 'open', true),
  ('due', 'part', false),
  ('due', 'late', false),
  ('due', 'paid', false),
  ('due', 'covered', false),
  ('due', 'repaid', false),
  ('due', 'waived', false),
  ('payout', 'proposed', true),
  ('payout', 'posted', false),
  ('payout', 'refused', false),
  ('payout', 'stale', false),
  ('mandate', 'active', true),
  ('mandate', 'suspended', false),
  ('mandate', 'ended', false),
  ('guarantee', 'offered', true),
  ('guarantee', 'signed', false),
  ('guarantee', 'called', false),
  ('guarantee', 'repaid', false),
  ('guarantee', 'released', false),
  ('swap', 'offered', true),
  ('swap', 'accepted', false),
  ('swap', 'applied', false),
  ('swap', 'declined', false),
  ('swap', 'lapsed', false),
  ('handover', 'offered', true),
  ('handover', 'accepted', false),
  ('handover', 'applied', false),
  ('handover', 'declined', false),
  ('handover', 'lapsed', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('group', 'draft', 'inviting'),
  ('group', 'draft', 'cancelled'),
  ('group', 'inviting', 'agreed'),
  ('group', 'inviting', 'cancelled'),
  ('group', 'agreed', 'running'),
  ('group', 'agreed', 'inviting'),
  ('group', 'agreed', 'cancelled'),
  ('group', 'running', 'paused'),
  ('group', 'running', 'closing'),
  ('group', 'running', 'cancelled'),
  ('group', 'paused', 'running'),
  ('group', 'paused', 'cancelled'),
  ('group', 'closing', 'closed'),
  ('member', 'invited', 'signed'),
  ('member', 'invited', 'left'),
  ('member', 'signed', 'active'),
  ('member', 'signed', 'invited'),
  ('member', 'signed', 'left'),
  ('member', 'active', 'late'),
  ('member', 'active', 'settled'),
  ('member', 'active', 'left'),
  ('member', 'active', 'replaced'),
  ('member', 'active', 'excluded'),
  ('member', 'active', 'deceased'),
  ('member', 'late', 'active'),
  ('member', 'late', 'defaulted'),
  ('member', 'late', 'replaced'),
  ('member', 'late', 'excluded'),
  ('member', 'late', 'deceased'),
  ('member', 'defaulted', 'settled'),
  ('member', 'defaulted', 'active'),
  ('member', 'defaulted', 'replaced'),
  ('member', 'defaulted', 'deceased'),
  ('member', 'left', 'settled'),
  ('member', 'replaced', 'settled'),
  ('member', 'excluded', 'settled'),
  ('member', 'deceased', 'settled'),
  ('turn', 'planned', 'called'),
  ('turn', 'planned', 'cancelled'),
  ('turn', 'called', 'complete'),
  ('turn', 'called', 'short'),
  ('turn', 'called', 'cancelled'),
  ('turn', 'complete', 'approved'),
  ('turn', 'complete', 'cancelled'),
  ('turn', 'short', 'approved'),
  ('turn', 'short', 'complete'),
  ('turn', 'short', 'cancelled'),
  ('turn', 'approved', 'part_paid'),
  ('turn', 'approved', 'paid'),
  ('turn', 'part_paid', 'paid'),
  ('turn', 'paid', 'confirmed'),
  ('turn', 'confirmed', 'closed'),
  ('due', 'open', 'part'),
  ('due', 'open', 'paid'),
  ('due', 'open', 'late'),
  ('due', 'open', 'covered'),
  ('due', 'open', 'waived'),
  ('due', 'part', 'paid'),
  ('due', 'part', 'late'),
  ('due', 'part', 'covered'),
  ('due', 'part', 'waived'),
  ('due', 'late', 'paid'),
  ('due', 'late', 'covered'),
  ('due', 'late', 'waived'),
  ('due', 'covered', 'repaid'),
  ('payout', 'proposed', 'posted'),
  ('payout', 'proposed', 'refused'),
  ('payout', 'proposed', 'stale'),
  ('mandate', 'active', 'suspended'),
  ('mandate', 'active', 'ended'),
  ('mandate', 'suspended', 'active'),
  ('mandate', 'suspended', 'ended'),
  ('guarantee', 'offered', 'signed'),
  ('guarantee', 'offered', 'released'),
  ('guarantee', 'signed', 'called'),
  ('guarantee', 'signed', 'released'),
  ('guarantee', 'called', 'repaid'),
  ('guarantee', 'repaid', 'called'),
  ('guarantee', 'repaid', 'released'),
  ('swap', 'offered', 'accepted'),
  ('swap', 'offered', 'declined'),
  ('swap', 'offered', 'lapsed'),
  ('swap', 'accepted', 'applied'),
  ('swap', 'accepted', 'declined'),
  ('swap', 'accepted', 'lapsed'),
  ('handover', 'offered', 'accepted'),
  ('handover', 'offered', 'declined'),
  ('handover', 'offered', 'lapsed'),
  ('handover', 'accepted', 'applied'),
  ('handover', 'accepted', 'declined'),
  ('handover', 'accepted', 'lapsed');
--> statement-breakpoint
-- Before each insert and update. The first argument is the object of tontine_states (empty for one without states), the others are the
-- columns that may change: a row begins in its initial state, moves along edges, and keeps everything else.
create function keep_tontine_object() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  object constant text := tg_argv[0];
  was jsonb; is_now jsonb;
begin
  is_now := to_jsonb(new);
  if tg_op = 'INSERT' then
    if object <> '' and not exists (select from tontine_states s
      where s.object = tg_argv[0] and s.state = is_now ->> 'state' and s.is_initial) then
      raise exception 'a row of % begins in its initial state', tg_table_name using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  was := to_jsonb(old);
  if is_now - tg_argv[1:] is distinct from was - tg_argv[1:] then
    raise exception 'a row of % keeps what it was made with', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  if object <> '' and is_now ->> 'state' <> was ->> 'state' and not exists (select from tontine_edges e
    where e.object = tg_argv[0] and e.from_state = was ->> 'state' and e.to_state = is_now ->> 'state') then
    raise exception '% %: % does not lead to %', object, old.id, was ->> 'state', is_now ->> 'state'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontines_keep before insert or update on tontines
for each row execute function keep_tontine_object('group', 'state', 'invite_token_hash');
--> statement-breakpoint
create trigger tontine_members_keep before insert or update on tontine_members
for each row execute function keep_tontine_object('member', 'state', 'roles', 'user_id', 'name');
--> statement-breakpoint
create trigger tontine_cycles_keep before insert or update on tontine_cycles
for each row execute function keep_tontine_object('', 'rules_id', 'started_at');
--> statement-breakpoint
create trigger tontine_shares_keep before insert or update on tontine_shares
for each row execute function keep_tontine_object('', 'position');
--> statement-breakpoint
create trigger tontine_share_holders_keep before insert or update on tontine_share_holders
for each row execute function keep_tontine_object('', 'member_id', 'ended_at');
--> statement-breakpoint
create trigger tontine_turns_keep before insert or update on tontine_turns
for each row execute function keep_tontine_object('turn', 'state', 'kind', 'called_at', 'paid_at');
--> statement-breakpoint
create trigger tontine_dues_keep before insert or update on tontine_dues
for each row execute function keep_tontine_object('due', 'state', 'paid_minor', 'covered_minor', 'waived_minor');
--> statement-breakpoint
create trigger tontine_payouts_keep before insert or update on tontine_payouts
for each row execute function keep_tontine_object('payout', 'state', 'reason', 'operation_id', 'posted_at', 'kept_minor', 'netted_minor', 'retained_minor');
--> statement-breakpoint
create trigger tontine_mandates_keep before insert or update on tontine_mandates
for each row execute function keep_tontine_object('mandate', 'state', 'failures', 'ended_at');
--> statement-breakpoint
create trigger tontine_guarantees_keep before insert or update on tontine_guarantees
for each row execute function keep_tontine_object('guarantee', 'state', 'signed_at', 'used_minor');
--> statement-breakpoint
create trigger tontine_debts_keep before insert or update on tontine_debts
for each row execute function keep_tontine_object('', 'repaid_minor');
--> statement-breakpoint
create trigger tontine_swaps_keep before insert or update on tontine_swaps
for each row execute function keep_tontine_object('swap', 'state', 'countersigned_by');
--> statement-breakpoint
create trigger tontine_handovers_keep before insert or update on tontine_handovers
for each row execute function keep_tontine_object('handover', 'state', 'countersigned_by');
--> statement-breakpoint
create trigger tontines_stay before delete on tontines for each row execute function keep_row();
--> statement-breakpoint
create trigger tontines_no_truncate before truncate on tontines for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_members_stay before delete on tontine_members for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_members_no_truncate before truncate on tontine_members for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_cycles_stay before delete on tontine_cycles for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_cycles_no_truncate before truncate on tontine_cycles for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_shares_stay before delete on tontine_shares for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_shares_no_truncate before truncate on tontine_shares for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_share_holders_stay before delete on tontine_share_holders for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_share_holders_no_truncate before truncate on tontine_share_holders for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_turns_stay before delete on tontine_turns for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_turns_no_truncate before truncate on tontine_turns for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_dues_stay before delete on tontine_dues for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_dues_no_truncate before truncate on tontine_dues for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_payouts_stay before delete on tontine_payouts for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_payouts_no_truncate before truncate on tontine_payouts for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_mandates_stay before delete on tontine_mandates for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_mandates_no_truncate before truncate on tontine_mandates for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_guarantees_stay before delete on tontine_guarantees for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_guarantees_no_truncate before truncate on tontine_guarantees for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_debts_stay before delete on tontine_debts for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_debts_no_truncate before truncate on tontine_debts for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_swaps_stay before delete on tontine_swaps for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_swaps_no_truncate before truncate on tontine_swaps for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_handovers_stay before delete on tontine_handovers for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_handovers_no_truncate before truncate on tontine_handovers for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_turn_shares_stay before delete on tontine_turn_shares for each row execute function keep_row();
--> statement-breakpoint
create trigger tontine_turn_shares_no_truncate before truncate on tontine_turn_shares for each statement execute function keep_row();
--> statement-breakpoint
create trigger tontine_rules_append_only before update or delete on tontine_rules for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_rules_no_truncate before truncate on tontine_rules for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_signatures_append_only before update or delete on tontine_signatures for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_signatures_no_truncate before truncate on tontine_signatures for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_events_append_only before update or delete on tontine_events for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_events_no_truncate before truncate on tontine_events for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_due_payments_append_only before update or delete on tontine_due_payments for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_due_payments_no_truncate before truncate on tontine_due_payments for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_approvals_append_only before update or delete on tontine_approvals for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_approvals_no_truncate before truncate on tontine_approvals for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_operations_append_only before update or delete on tontine_operations for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_operations_no_truncate before truncate on tontine_operations for each statement execute function refuse_change();
--> statement-breakpoint
create trigger tontine_debt_repayments_append_only before update or delete on tontine_debt_repayments for each row execute function refuse_change();
--> statement-breakpoint
create trigger tontine_debt_repayments_no_truncate before truncate on tontine_debt_repayments for each statement execute function refuse_change();
--> statement-breakpoint
-- What a signature is bound to: SHA-256 of both texts and the parameters, each on lines of its own.
create function tontine_rules_hash(p_text_fr text, p_text_en text, p_parameters jsonb) returns bytea
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select sha256(convert_to(p_text_fr || E'\n' || p_text_en || E'\n' || p_parameters::text, 'UTF8'))
$$;
--> statement-breakpoint
create function check_tontine_rules() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.hash := tontine_rules_hash(new.text_fr, new.text_en, new.parameters);
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_rules_check before insert on tontine_rules for each row execute function check_tontine_rules();
--> statement-breakpoint
-- A signature is under the rules as they are (T7).
create function check_tontine_signature() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from tontine_rules r join tontine_members m on m.tontine_id = r.tontine_id
    where r.id = new.rules_id and m.id = new.member_id and r.hash = new.hash) then
    raise exception 'a signature is under the rules as they were shown' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_signatures_check before insert on tontine_signatures for each row execute function check_tontine_signature();
--> statement-breakpoint
-- A group runs once each share is held whole and each of its holders has signed the rules of the cycle; it is closed once its accounts
-- are empty but for what is kept for members (T14).
create function check_tontine_state() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state = 'running' and old.state = 'agreed' and exists (
    select from tontine_cycles c
    join tontine_shares s on s.cycle_id = c.id
    left join tontine_share_holders h on h.share_id = s.id and h.ended_at is null
    left join tontine_signatures g on g.rules_id = c.rules_id and g.member_id = h.member_id
    where c.tontine_id = new.id
    group by s.id having coalesce(sum(h.halves), 0) <> 2 or bool_or(g.id is null)
  ) then
    raise exception 'a tontine starts when all shares are held and all have signed' using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'closed' and exists (select from ledger_accounts a
    where a.address like 'tontine/' || new.id::text || '/%' and a.balance <> 0
      and ledger_address_kind(a.address) <> 'tontine_owed') then
    raise exception 'a tontine is closed when its accounts are empty' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontines_check before update of state on tontines for each row execute function check_tontine_state();
--> statement-breakpoint
-- A turn is closed, or cancelled, when its pot is empty (T1).
create function check_tontine_turn() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state in ('closed', 'cancelled') and new.state <> old.state and exists (
    select from ledger_accounts a join tontines g on g.id = new.tontine_id
    where a.address = ledger_address_tontine(g.id, g.currency, 'pot/' || new.id::text) and a.balance <> 0) then
    raise exception 'a turn ends with an empty pot' using errcode = 'integrity_constraint_violation';
  end if;
  if new.kind <> old.kind and old.state <> 'planned' then
    raise exception 'a turn that was called keeps its kind' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_turns_check before update on tontine_turns for each row execute function check_tontine_turn();
--> statement-breakpoint
-- A share changes its turn only for another planned one of its cycle (a swap).
create function check_tontine_turn_share() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.share_id, new.cycle_id) is distinct from (old.share_id, old.cycle_id) or 2 <> (
    select count(*) from (values (new.turn_id), (case tg_op when 'UPDATE' then old.turn_id else new.turn_id end)) as n(id)
    join tontine_turns t on t.id = n.id where t.cycle_id = new.cycle_id and t.state = 'planned') then
    raise exception 'a share takes in a planned turn of its cycle' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_turn_shares_check before insert or update on tontine_turn_shares for each row execute function check_tontine_turn_share();
--> statement-breakpoint
-- A share has at most two halves, and goes to another member by a handover that both accepted.
create function check_tontine_holder() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.member_id <> old.member_id and not exists (select from tontine_handovers h
    where h.holder_id = new.id and h.from_member_id = old.member_id and h.to_member_id = new.member_id and h.state = 'accepted') then
    raise exception 'a share changes hands by a handover' using errcode = 'integrity_constraint_violation';
  end if;
  if new.ended_at is null and (select coalesce(sum(x.halves), 0) from tontine_share_holders x
    where x.share_id = new.share_id and x.ended_at is null and x.id <> new.id) + new.halves > 2 then
    raise exception 'a share has two halves' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_share_holders_check before insert or update on tontine_share_holders for each row execute function check_tontine_holder();
--> statement-breakpoint
-- Who owes can't leave (T8).
create function check_tontine_member() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.user_id is distinct from old.user_id and old.user_id is not null then
    raise exception 'a member stays the same person' using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'left' and old.state <> 'left' and (
    exists (select from tontine_debts d where d.debtor_member_id = new.id and d.repaid_minor < d.amount_minor)
    or exists (select from tontine_dues d join tontine_share_holders h on h.id = d.holder_id
      where h.member_id = new.id and d.state in ('open', 'part', 'late'))) then
    raise exception 'who owes does not leave' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_members_check before update on tontine_members for each row execute function check_tontine_member();
--> statement-breakpoint
-- The members whose shares take in a turn: read from the order, never given.
create function tontine_receivers(p_turn bigint) returns table (holder_id bigint, member_id bigint, halves smallint)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select h.id, h.member_id, h.halves from tontine_turn_shares s
  join tontine_share_holders h on h.share_id = s.share_id and h.ended_at is null where s.turn_id = p_turn
$$;
--> statement-breakpoint
-- Whether a member may approve a payout at this moment (T6): never who receives in its turn; chair, treasurer and secretary at once; the
-- auditor in the place of one of them who receives, or after 72 hours; every other member after seven days.
create function tontine_may_approve(p_payout bigint, p_member bigint, p_moment timestamptz) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(bool_and(m.user_id is not null and m.state in ('active', 'late')
    and not exists (select from tontine_receivers(p.turn_id) r where r.member_id = m.id)
    and (m.roles && array['chair', 'treasurer', 'secretary']
      or ('auditor' = any (m.roles) and (p.proposed_at <= p_moment - interval '72 hours' or exists (
        select from tontine_receivers(p.turn_id) r join tontine_members o on o.id = r.member_id
        where o.roles && array['chair', 'treasurer', 'secretary'])))
      or p.proposed_at <= p_moment - interval '7 days')), false)
  from tontine_payouts p join tontine_members m on m.tontine_id = p.tontine_id and m.id = p_member
  where p.id = p_payout
$$;
--> statement-breakpoint
-- Whether a payout's approvals suffice: two of those who hold an office, or two thirds of those who don't receive.
create function tontine_is_approved(p_payout bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select count(*) filter (where cardinality(m.roles) > 0) >= 2 or (count(*) > 0 and count(*) * 3 >= 2 * (
    select count(*) from tontine_members o join tontine_payouts p on p.tontine_id = o.tontine_id
    where p.id = p_payout and o.user_id is not null and o.state in ('active', 'late')
      and not exists (select from tontine_receivers(p.turn_id) r where r.member_id = o.id)))
  from tontine_approvals a join tontine_members m on m.id = a.member_id join tontine_payouts p on p.id = a.payout_id
  where a.payout_id = p_payout and a.shown_hash = p.shown_hash
$$;
--> statement-breakpoint
create function check_tontine_approval() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from tontine_payouts p where p.id = new.payout_id and p.state = 'proposed' and p.shown_hash = new.shown_hash)
    or not tontine_may_approve(new.payout_id, new.member_id, new.approved_at) then
    raise exception 'this member does not approve this payout' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_approvals_check before insert on tontine_approvals for each row execute function check_tontine_approval();
--> statement-breakpoint
-- A payout is to a holder of its turn's share (T5), and is posted when it was approved, or follows one of its turn that was.
create function check_tontine_payout() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' and not exists (select from tontine_receivers(new.turn_id) r
    where r.holder_id = new.holder_id and r.member_id = new.member_id) then
    raise exception 'a payout goes to the holder of the turn' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' and new.state = 'posted' and old.state = 'proposed' and not (
    case when new.approved_payout_id is null then tontine_is_approved(new.id)
    else exists (select from tontine_payouts p where p.id = new.approved_payout_id and p.turn_id = new.turn_id
      and p.holder_id = new.holder_id and p.member_id = new.member_id and p.state = 'posted' and p.approved_payout_id is null) end) then
    raise exception 'a payout is posted when it was approved' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_payouts_check before insert or update on tontine_payouts for each row execute function check_tontine_payout();
--> statement-breakpoint
revoke execute on function keep_tontine_object, check_tontine_signature, check_tontine_state, check_tontine_turn, check_tontine_turn_share,
  check_tontine_holder, check_tontine_member, check_tontine_approval, check_tontine_payout, tontine_receivers, tontine_may_approve,
  tontine_is_approved from public;
--> statement-breakpoint
grant execute on function tontine_rules_hash, tontine_receivers, tontine_may_approve, tontine_is_approved to cauris_app;
--> statement-breakpoint
grant select on tontine_states, tontine_edges to cauris_app;
--> statement-breakpoint
grant select, insert on tontine_rules, tontine_signatures, tontine_events, tontine_due_payments, tontine_approvals, tontine_operations,
  tontine_debt_repayments to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, invite_token_hash) on tontines to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, roles, user_id, name) on tontine_members to cauris_app;
--> statement-breakpoint
grant select, insert, update (rules_id, started_at) on tontine_cycles to cauris_app;
--> statement-breakpoint
grant select, insert, update (position) on tontine_shares to cauris_app;
--> statement-breakpoint
grant select, insert, update (member_id, ended_at) on tontine_share_holders to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, kind, called_at, paid_at) on tontine_turns to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, paid_minor, covered_minor, waived_minor) on tontine_dues to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, reason, operation_id, posted_at, kept_minor, netted_minor, retained_minor) on tontine_payouts to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, failures, ended_at) on tontine_mandates to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, signed_at, used_minor) on tontine_guarantees to cauris_app;
--> statement-breakpoint
grant select, insert, update (repaid_minor) on tontine_debts to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, countersigned_by) on tontine_swaps to cauris_app;
--> statement-breakpoint
grant select, insert, update (state, countersigned_by) on tontine_handovers to cauris_app;
--> statement-breakpoint
grant select, insert, update (turn_id) on tontine_turn_shares to cauris_app;
