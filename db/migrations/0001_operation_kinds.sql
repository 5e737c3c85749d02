-- State machines of operations and their events: a wrong edge is refused whoever asks.
create function operation_edge_allowed(p_type text, p_from text, p_to text) returns boolean
language sql immutable as $$
  select case p_type
    when 'deposit' then (p_from, p_to) in (
      ('pending', 'succeeded'), ('pending', 'failed'), ('pending', 'expired'), ('pending', 'review'),
      -- Money that comes late is never lost.
      ('failed', 'succeeded'), ('expired', 'succeeded'), ('review', 'succeeded'),
      ('failed', 'review'), ('expired', 'review'),
      -- A person gave what had come to its owner, as a deposit of its own.
      ('review', 'failed'))
    when 'withdrawal' then (p_from, p_to) in (
      ('created', 'submitting'), ('submitting', 'submitted'), ('submitting', 'unknown'), ('submitting', 'paid'),
      ('submitting', 'refunded'), ('submitted', 'paid'), ('submitted', 'refunded'), ('submitted', 'unknown'),
      -- Nothing reached the provider for certain (no connection): it may be sent as if for the first time.
      ('submitting', 'created'),
      -- The provider's word that it paid holds whatever we thought.
      ('created', 'paid'),
      ('unknown', 'submitting'), ('unknown', 'submitted'), ('unknown', 'paid'), ('unknown', 'refunded'),
      ('paid', 'reversed'), ('reversed', 'refunded'),
      ('refunded', 'conflict'),
      -- A person found out which of its two words the provider had kept.
      ('conflict', 'paid'), ('conflict', 'refunded'))
    else false
  end
$$;
--> statement-breakpoint
create function keep_operation() returns trigger language plpgsql as $$
begin
  if (new.id, new.reference, new.type, new.wallet_id, new.currency, new.amount_minor, new.fee_minor, new.phone, new.method,
      new.provider, new.bank_code, new.bank_name, new.account_number, new.account_name, new.counterparty_wallet_id,
      new.vault_id, new.note, new.return_url)
    is distinct from
     (old.id, old.reference, old.type, old.wallet_id, old.currency, old.amount_minor, old.fee_minor, old.phone, old.method,
      old.provider, old.bank_code, old.bank_name, old.account_number, old.account_name, old.counterparty_wallet_id,
      old.vault_id, old.note, old.return_url) then
    raise exception 'what was asked for does not change' using errcode = 'integrity_constraint_violation';
  end if;
  if new.provider_reference is distinct from old.provider_reference and old.provider_reference is not null then
    raise exception 'a provider reference is set once' using errcode = 'integrity_constraint_violation';
  end if;
  if new.state <> old.state and not operation_edge_allowed(new.type, old.state, new.state) then
    raise exception 'operation %: % does not lead to %', old.reference, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger operations_keep before update on operations for each row execute function keep_operation();
--> statement-breakpoint
create function start_operation() returns trigger language plpgsql as $$
begin
  if new.type = 'transfer' and current_user = 'cauris_app' then
    raise exception 'transfers are written by transfer_post' using errcode = 'insufficient_privilege';
  end if;
  if new.state <> (case new.type when 'deposit' then 'pending' when 'withdrawal' then 'created' else 'succeeded' end) then
    raise exception 'an operation begins at the beginning' using errcode = 'integrity_constraint_violation';
  end if;
  if not exists (select from wallets w where w.id = new.wallet_id) then
    raise exception 'an operation has its wallet' using errcode = 'foreign_key_violation';
  end if;
  if new.type = 'vault_withdrawal'
    and exists (select from vaults v where v.id = new.vault_id and v.locked_until > clock_timestamp()) then
    raise exception 'the vault is locked' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- Not called for what transfer_post writes, which runs as the owner.
create trigger operations_start before insert on operations for each row
when (new.type <> 'transfer' or new.state <> 'succeeded' or current_user = 'cauris_app') execute function start_operation();
--> statement-breakpoint
create function start_event() returns trigger language plpgsql as $$
begin
  if not exists (select from operations o where o.id = new.operation_id) then
    raise exception 'an event has its operation' using errcode = 'foreign_key_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger operation_events_start before insert on operation_events for each row
when (new.from_state is not null or current_user = 'cauris_app') execute function start_event();
--> statement-breakpoint
-- An idempotency key lives and dies with its operation (checked at commit, since the key is claimed first).
alter table idempotency_keys add constraint idempotency_keys_reference_fk
foreign key (reference) references operations (reference) deferrable initially deferred;
