-- Currencies, and the kinds of operations: their types, states and edges as rows of tables, and the triggers that hold every
-- operation to them, whoever writes it. TypeScript has the same data (lib/money/currency.ts, lib/services/operations/kinds.ts).

-- ISO 4217. No centimes of XOF are in use; NGN has kobo.
insert into currencies (code, decimals) values ('XOF', 0), ('NGN', 2);
--> statement-breakpoint
insert into operation_types (type, is_internal) values
  ('deposit', false), ('withdrawal', false), ('transfer', true), ('vault_deposit', true), ('vault_withdrawal', true);
--> statement-breakpoint
insert into operation_states (type, state, is_initial, awaits) values
  ('deposit', 'pending', true, 'provider'),
  ('deposit', 'succeeded', false, null),
  ('deposit', 'failed', false, null),
  ('deposit', 'expired', false, null),
  ('deposit', 'review', false, 'operator'),
  ('withdrawal', 'created', true, 'provider'),
  ('withdrawal', 'submitting', false, 'provider'),
  ('withdrawal', 'submitted', false, 'provider'),
  ('withdrawal', 'unknown', false, 'provider'),
  ('withdrawal', 'paid', false, null),
  ('withdrawal', 'reversed', false, null),
  ('withdrawal', 'refunded', false, null),
  ('withdrawal', 'conflict', false, 'operator'),
  -- Internal operations are recorded in the transaction that moves their money.
  ('transfer', 'succeeded', true, null),
  ('vault_deposit', 'succeeded', true, null),
  ('vault_withdrawal', 'succeeded', true, null);
--> statement-breakpoint
insert into operation_edges (type, from_state, to_state) values
  ('deposit', 'pending', 'succeeded'), ('deposit', 'pending', 'failed'), ('deposit', 'pending', 'expired'),
  ('deposit', 'pending', 'review'),
  -- Money that comes late is never lost.
  ('deposit', 'failed', 'succeeded'), ('deposit', 'expired', 'succeeded'), ('deposit', 'review', 'succeeded'),
  ('deposit', 'failed', 'review'), ('deposit', 'expired', 'review'),
  -- An operator gave what had come to its owner, as a deposit of its own.
  ('deposit', 'review', 'failed'),
  ('withdrawal', 'created', 'submitting'),
  ('withdrawal', 'submitting', 'submitted'), ('withdrawal', 'submitting', 'unknown'), ('withdrawal', 'submitting', 'paid'),
  ('withdrawal', 'submitting', 'refunded'),
  -- Nothing reached the provider for certain (no connection): it may be sent as if for the first time.
  ('withdrawal', 'submitting', 'created'),
  ('withdrawal', 'submitted', 'paid'), ('withdrawal', 'submitted', 'refunded'), ('withdrawal', 'submitted', 'unknown'),
  -- A provider's word that it paid holds whatever we thought.
  ('withdrawal', 'created', 'paid'),
  ('withdrawal', 'unknown', 'submitting'), ('withdrawal', 'unknown', 'submitted'), ('withdrawal', 'unknown', 'paid'),
  ('withdrawal', 'unknown', 'refunded'),
  ('withdrawal', 'paid', 'reversed'), ('withdrawal', 'reversed', 'refunded'),
  ('withdrawal', 'refunded', 'conflict'),
  -- An operator found out which of its two answers the provider stands by.
  ('withdrawal', 'conflict', 'paid'), ('withdrawal', 'conflict', 'refunded');
--> statement-breakpoint
-- Before each update: what was requested stays, and the state changes along an edge only. Tables are named with their schema,
-- since a temporary table of the same name would come first.
create function keep_operation() returns trigger language plpgsql as $$
begin
  if (new.id, new.reference, new.type, new.wallet_id, new.currency, new.amount_minor, new.fee_minor, new.phone, new.method,
      new.provider, new.bank_code, new.bank_name, new.account_number, new.account_name, new.counterparty_wallet_id,
      new.vault_id, new.note, new.return_url)
    is distinct from
     (old.id, old.reference, old.type, old.wallet_id, old.currency, old.amount_minor, old.fee_minor, old.phone, old.method,
      old.provider, old.bank_code, old.bank_name, old.account_number, old.account_name, old.counterparty_wallet_id,
      old.vault_id, old.note, old.return_url) then
    raise exception 'what was requested does not change' using errcode = 'integrity_constraint_violation';
  end if;
  if new.provider_reference is distinct from old.provider_reference and old.provider_reference is not null then
    raise exception 'a provider reference is set once' using errcode = 'integrity_constraint_violation';
  end if;
  if new.state <> old.state and not exists (select from public.operation_edges e
    where e.type = new.type and e.from_state = old.state and e.to_state = new.state) then
    raise exception 'operation %: % does not lead to %', old.reference, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger operations_keep before update on operations for each row execute function keep_operation();
--> statement-breakpoint
-- Before each insert: an operation is of a known type, begins in its initial state, names a currency and a wallet that exist
-- (there are no foreign keys: db/README.md says why), and takes nothing from a locked vault.
create function start_operation() returns trigger language plpgsql as $$
begin
  if new.type = 'transfer' and current_user = 'cauris_app' then
    raise exception 'transfers are written by transfer_post' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from public.operation_states s
    where s.type = new.type and s.state = new.state and s.is_initial) then
    raise exception 'an operation begins in the initial state of its type' using errcode = 'integrity_constraint_violation';
  end if;
  if not exists (select from public.currencies c where c.code = new.currency) then
    raise exception 'an operation has a currency of ours' using errcode = 'foreign_key_violation';
  end if;
  if not exists (select from public.wallets w where w.id = new.wallet_id) then
    raise exception 'an operation has its wallet' using errcode = 'foreign_key_violation';
  end if;
  if new.type = 'vault_withdrawal'
    and exists (select from public.vaults v where v.id = new.vault_id and v.locked_until > clock_timestamp()) then
    raise exception 'the vault is locked' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- Not called for what transfer_post writes, as the owner: it has locked both wallets' accounts, and their currency is its own.
create trigger operations_start before insert on operations for each row
when (new.type <> 'transfer' or new.state <> 'succeeded' or current_user = 'cauris_app') execute function start_operation();
--> statement-breakpoint
-- Before each insert of an event: its operation exists.
create function start_event() returns trigger language plpgsql as $$
begin
  if not exists (select from public.operations o where o.id = new.operation_id) then
    raise exception 'an event has its operation' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- Not called for the first event of a transfer, which transfer_post writes with it.
create trigger operation_events_start before insert on operation_events for each row
when (new.from_state is not null or current_user = 'cauris_app') execute function start_event();
--> statement-breakpoint
-- An idempotency key lives and dies with its operation (checked at commit, since the key is claimed first).
alter table idempotency_keys add constraint idempotency_keys_reference_fk
foreign key (reference) references operations (reference) deferrable initially deferred;
