-- Rules stay as they were signed while a cycle runs; no group is called off with money in it; what was paid for a debtor and given back within
-- the group repays the debt.
create function check_tontine_cycle() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.started_at is not null and (new.rules_id, new.started_at) is distinct from (old.rules_id, old.started_at) then
    raise exception 'a cycle that has begun keeps its rules' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontine_cycles_check before update on tontine_cycles for each row execute function check_tontine_cycle();
--> statement-breakpoint
create function check_tontine_cancelled() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.state = 'cancelled' and old.state <> 'cancelled' and exists (select from ledger_accounts a
    where a.address like 'tontine/' || new.id::text || '/%' and a.balance <> 0
      and ledger_address_kind(a.address) <> 'tontine_owed') then
    raise exception 'a tontine is called off when its money was given back' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger tontines_cancelled_check before update of state on tontines for each row execute function check_tontine_cancelled();
--> statement-breakpoint
alter table tontine_debt_repayments alter column operation_id drop not null;
--> statement-breakpoint
revoke execute on function check_tontine_cycle, check_tontine_cancelled from public;
