-- Who stopped payouts, when and why stays written; what reconciliation found only ever ends, and keeps what it was.
create trigger payout_switches_append_only before update or delete on payout_switches
for each row execute function refuse_change();
--> statement-breakpoint
create trigger payout_switches_no_truncate before truncate on payout_switches
for each statement execute function refuse_change();
--> statement-breakpoint
-- Its argument is the column that says when the row ended; the named ones may be written once, with it.
create function keep_until_ended() returns trigger language plpgsql as $$
declare
  mutable constant text[] := array['resolved_at', 'finished_at', 'compared'];
begin
  if to_jsonb(old) ->> tg_argv[0] is not null or to_jsonb(new) - mutable is distinct from to_jsonb(old) - mutable then
    raise exception 'a row of % stays as it was', tg_table_name using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger reconciliation_runs_keep before update on reconciliation_runs
for each row execute function keep_until_ended('finished_at');
--> statement-breakpoint
create trigger reconciliation_breaks_keep before update on reconciliation_breaks
for each row execute function keep_until_ended('resolved_at');
--> statement-breakpoint
create trigger reconciliation_runs_stay before delete on reconciliation_runs
for each row execute function refuse_change();
--> statement-breakpoint
create trigger reconciliation_breaks_stay before delete on reconciliation_breaks
for each row execute function refuse_change();
--> statement-breakpoint
revoke execute on function keep_until_ended from public;
--> statement-breakpoint
grant select, insert on payout_switches to cauris_app;
--> statement-breakpoint
grant select, insert, delete on dead_letter_notices to cauris_app;
--> statement-breakpoint
grant select, insert, update on reconciliation_runs, reconciliation_breaks to cauris_app;
