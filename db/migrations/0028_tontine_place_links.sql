-- A place in a tontine may be handed over to whoever is given its link: who takes it is known once they accept.
alter table tontine_handovers alter column to_member_id drop not null;
--> statement-breakpoint
drop trigger tontine_handovers_keep on tontine_handovers;
--> statement-breakpoint
create trigger tontine_handovers_keep before insert or update on tontine_handovers
for each row execute function keep_tontine_object('handover', 'state', 'countersigned_by', 'to_member_id');
--> statement-breakpoint
-- Who takes a place is named once, with the acceptance, and nothing is accepted by nobody.
create function check_tontine_handover() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.to_member_id is distinct from old.to_member_id and (old.to_member_id is not null or new.state <> 'accepted' or old.state <> 'offered')
    or new.to_member_id is null and new.state in ('accepted', 'applied') then
    raise exception 'a place goes to who accepted it' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_handovers_check before update on tontine_handovers for each row execute function check_tontine_handover();
--> statement-breakpoint
revoke execute on function check_tontine_handover from public;
--> statement-breakpoint
grant update (to_member_id) on tontine_handovers to cauris_app;
--> statement-breakpoint
-- Who came for a place that they didn't get may come for another one.
insert into tontine_edges (object, from_state, to_state) values ('member', 'left', 'invited');
