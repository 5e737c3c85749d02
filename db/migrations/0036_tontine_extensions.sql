-- A member puts off one contribution of a share in a cycle, by as many days as the rules say.
alter table tontine_dues add column extended_at timestamp (6) with time zone;
--> statement-breakpoint
-- As in 0032_tontine_decisions.sql, and by the rules: before its time, to no later day than they say (and two hours more, where clocks change).
create or replace function check_tontine_due() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  by_vote constant boolean := exists (select from tontine_decisions d join tontine_share_holders h on h.id = new.holder_id
    where d.id = new.rescheduled_by and d.kind = 'reschedule' and d.state = 'adopted' and d.subject_member_id = h.member_id);
  was constant timestamptz := coalesce(old.postponed_to, old.due_at);
  by_rule constant boolean := new.extended_at is not null and old.extended_at is null and old.state in ('open', 'part')
    and new.kind = 'contribution' and new.extended_at < was and exists (
      select from tontine_turns t join tontine_cycles c on c.id = t.cycle_id join tontine_rules r on r.id = c.rules_id
      where t.id = new.turn_id and new.postponed_to <= was + make_interval(days => coalesce((r.parameters ->> 'extensionDays')::int, 0), hours => 2));
begin
  if (new.rescheduled_by is distinct from old.rescheduled_by and not by_vote)
    or (new.extended_at is distinct from old.extended_at and not by_rule)
    or (new.postponed_to is distinct from old.postponed_to and (new.postponed_to is null
      or new.postponed_to < was or not (by_vote or by_rule or tontine_is_adopted(new.tontine_id, 'resume', null))))
    or (old.state = 'late' and new.state = 'open' and not by_vote) then
    raise exception 'the members decide when a due is paid later' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
drop trigger tontine_dues_later_check on tontine_dues;
--> statement-breakpoint
create trigger tontine_dues_later_check before update on tontine_dues for each row when (
  (new.postponed_to, new.rescheduled_by, new.extended_at) is distinct from (old.postponed_to, old.rescheduled_by, old.extended_at)
  or (old.state = 'late' and new.state = 'open'))
execute function check_tontine_due();
--> statement-breakpoint
drop trigger tontine_dues_keep on tontine_dues;
--> statement-breakpoint
create trigger tontine_dues_keep before insert or update on tontine_dues for each row execute function
  keep_tontine_object('due', 'state', 'paid_minor', 'covered_minor', 'waived_minor', 'postponed_to', 'rescheduled_by', 'extended_at');
--> statement-breakpoint
grant update (extended_at) on tontine_dues to cauris_app;
