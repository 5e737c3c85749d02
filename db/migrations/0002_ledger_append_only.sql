-- What was written stays written, for the owner too: a correction is a new entry that reverses.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
--> statement-breakpoint
create trigger ledger_entries_append_only before update or delete on ledger_entries
for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_entries_no_truncate before truncate on ledger_entries
for each statement execute function refuse_change();
--> statement-breakpoint
create trigger ledger_postings_append_only before update or delete on ledger_postings
for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_postings_no_truncate before truncate on ledger_postings
for each statement execute function refuse_change();
--> statement-breakpoint
create trigger operation_events_append_only before update or delete on operation_events
for each row execute function refuse_change();
--> statement-breakpoint
create trigger operation_events_no_truncate before truncate on operation_events
for each statement execute function refuse_change();
--> statement-breakpoint
-- An account keeps its name, currency and minimum balance for ever, and is never deleted.
create function keep_ledger_account() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.id <> old.id or new.address <> old.address or new.currency <> old.currency
    or new.minimum_balance is distinct from old.minimum_balance or new.version < old.version then
    raise exception 'a ledger account keeps its name' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger ledger_accounts_no_delete before delete on ledger_accounts
for each row execute function keep_ledger_account();
--> statement-breakpoint
create trigger ledger_accounts_keep before update of id, address, currency, minimum_balance on ledger_accounts
for each row execute function keep_ledger_account();
