-- What a person decided stays written, and what it leads to has edges of its own.
create trigger decisions_append_only before update or delete on decisions
for each row execute function refuse_change();
--> statement-breakpoint
create trigger decisions_no_truncate before truncate on decisions
for each statement execute function refuse_change();
--> statement-breakpoint
grant select, insert on decisions to cauris_app;
--> statement-breakpoint
create or replace function operation_edge_allowed(p_type text, p_from text, p_to text) returns boolean
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
