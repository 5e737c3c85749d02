-- Turns that are put off: who declines takes after all others. A half of a share that takes in another turn than the other half is a share of its
-- own.
alter table tontine_shares add column split_from_share_id bigint
  constraint "tontine_shares_split_from_share_id_tontine_shares_id_fk" references tontine_shares (id);
--> statement-breakpoint
insert into tontine_states (object, state, is_initial) values ('turn', 'deferred', false);
--> statement-breakpoint
insert into tontine_edges (object, from_state, to_state) values
  ('turn', 'planned', 'deferred'),
  ('turn', 'called', 'deferred'),
  ('turn', 'complete', 'deferred');
--> statement-breakpoint
-- As in 0021_tontine_rules.sql: a turn that was put off ends with an empty pot too.
create or replace function check_tontine_turn() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state in ('closed', 'cancelled', 'deferred') and new.state <> old.state and exists (
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
-- As in 0021_tontine_rules.sql: a share also leaves a turn that was put off.
create or replace function check_tontine_turn_share() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and (new.share_id, new.cycle_id) is distinct from (old.share_id, old.cycle_id)
    or not exists (select from tontine_turns t where t.id = new.turn_id and t.cycle_id = new.cycle_id and t.state = 'planned')
    or tg_op = 'UPDATE' and not exists (select from tontine_turns t where t.id = old.turn_id and t.state in ('planned', 'deferred')) then
    raise exception 'a share takes in a planned turn of its cycle' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
drop trigger tontine_share_holders_keep on tontine_share_holders;
--> statement-breakpoint
create trigger tontine_share_holders_keep before insert or update on tontine_share_holders
for each row execute function keep_tontine_object('', 'member_id', 'ended_at', 'share_id');
--> statement-breakpoint
-- As in 0021_tontine_rules.sql: a half goes from its share to one that was split from it, which nobody else holds, before it takes.
create or replace function check_tontine_holder() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.member_id <> old.member_id and not exists (select from tontine_handovers h
    where h.holder_id = new.id and h.from_member_id = old.member_id and h.to_member_id = new.member_id and h.state = 'accepted') then
    raise exception 'a share changes hands by a handover' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' and new.share_id <> old.share_id and not (old.halves = 1
    and exists (select from tontine_shares was join tontine_shares s on s.split_from_share_id = coalesce(was.split_from_share_id, was.id)
      where was.id = old.share_id and s.id = new.share_id)
    and not exists (select from tontine_share_holders x where x.share_id = new.share_id)
    and exists (select from tontine_turn_shares p join tontine_turns t on t.id = p.turn_id
      where p.share_id = old.share_id and t.state in ('planned', 'deferred'))) then
    raise exception 'a half takes apart from the other one before its turn' using errcode = 'integrity_constraint_violation';
  end if;
  if new.ended_at is null and (select coalesce(sum(x.halves), 0) from tontine_share_holders x
    where x.share_id = new.share_id and x.ended_at is null and x.id <> new.id) + new.halves > 2 then
    raise exception 'a share has two halves' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
grant update (share_id) on tontine_share_holders to cauris_app;
