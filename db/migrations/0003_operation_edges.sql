-- The state machines of deposits and withdrawals: a wrong edge is refused whoever asks.
create function operation_edge_allowed(p_type text, p_from text, p_to text) returns boolean
language sql immutable as $$
  select case p_type
    when 'deposit' then (p_from, p_to) in (
      ('pending', 'succeeded'), ('pending', 'failed'), ('pending', 'expired'), ('pending', 'review'),
      -- Money that comes late is never lost.
      ('failed', 'succeeded'), ('expired', 'succeeded'), ('review', 'succeeded'),
      ('failed', 'review'), ('expired', 'review'))
    when 'withdrawal' then (p_from, p_to) in (
      ('created', 'submitting'), ('submitting', 'submitted'), ('submitting', 'unknown'), ('submitting', 'paid'),
      ('submitting', 'refunded'), ('submitted', 'paid'), ('submitted', 'refunded'), ('submitted', 'unknown'),
      -- Nothing reached the provider for certain (no connection): it may be sent as if for the first time.
      ('submitting', 'created'),
      -- The provider's word that it paid holds whatever we thought.
      ('created', 'paid'),
      ('unknown', 'submitting'), ('unknown', 'submitted'), ('unknown', 'paid'), ('unknown', 'refunded'),
      ('paid', 'reversed'), ('reversed', 'refunded'),
      ('refunded', 'conflict'))
  end
$$;
--> statement-breakpoint
create function keep_operation() returns trigger language plpgsql as $$
begin
  if new.id <> old.id or new.reference <> old.reference or new.type <> old.type or new.wallet_id <> old.wallet_id
    or new.currency <> old.currency or new.amount_minor <> old.amount_minor or new.fee_minor <> old.fee_minor
    or new.phone <> old.phone or new.method <> old.method or new.provider <> old.provider then
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
  if new.state <> (case new.type when 'deposit' then 'pending' else 'created' end) then
    raise exception 'an operation begins at the beginning' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger operations_start before insert on operations for each row execute function start_operation();
--> statement-breakpoint
-- An idempotency key lives and dies with its operation (checked at commit, since the key is claimed first).
alter table idempotency_keys add constraint idempotency_keys_reference_fk
foreign key (reference) references operations (reference) deferrable initially deferred;
