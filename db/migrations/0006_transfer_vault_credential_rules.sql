-- Transfers and vault postings are final at birth; what was asked for never changes; revocations are announced.
create or replace function operation_edge_allowed(p_type text, p_from text, p_to text) returns boolean
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
    else false
  end
$$;
--> statement-breakpoint
create or replace function keep_operation() returns trigger language plpgsql as $$
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
create or replace function start_operation() returns trigger language plpgsql as $$
begin
  if new.state <> (case new.type when 'deposit' then 'pending' when 'withdrawal' then 'created' else 'succeeded' end) then
    raise exception 'an operation begins at the beginning' using errcode = 'integrity_constraint_violation';
  end if;
  if new.type = 'vault_withdrawal'
    and exists (select from vaults v where v.id = new.vault_id and v.locked_until > clock_timestamp()) then
    raise exception 'the vault is locked' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- A lock that could be taken off again would lock nothing.
create function keep_vault() returns trigger language plpgsql as $$
begin
  if (new.id, new.wallet_id, new.currency, new.created_at) is distinct from (old.id, old.wallet_id, old.currency, old.created_at)
    or (old.locked_until is not null and (new.locked_until is null or new.locked_until < old.locked_until)) then
    raise exception 'a vault keeps its wallet, its currency and its date' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger vaults_keep before update on vaults for each row execute function keep_vault();
--> statement-breakpoint
alter table idempotency_keys add constraint idempotency_keys_stands_for check (reference is null or answer is null);
--> statement-breakpoint
-- What a key may do and how long is fixed when it is made; a revocation stays.
create function keep_api_key() returns trigger language plpgsql as $$
begin
  if (new.id, new.user_id, new.hash, new.prefix, new.permissions, new.expires_at, new.created_at, new.replaces_key_id)
    is distinct from
     (old.id, old.user_id, old.hash, old.prefix, old.permissions, old.expires_at, old.created_at, old.replaces_key_id)
    or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at) then
    raise exception 'a key keeps what it may do' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger api_keys_keep before update on api_keys for each row execute function keep_api_key();
--> statement-breakpoint
-- Whoever keeps credentials in memory listens here: `key:<id>`, `session:<id>`, `user:<id>`. Sent at commit.
create function announce_revocation() returns trigger language plpgsql as $$
begin
  perform pg_notify('cauris_credentials', tg_argv[0] || ':' || new.id);
  return null;
end $$;
--> statement-breakpoint
create trigger api_keys_revoked after update of revoked_at on api_keys
for each row when (new.revoked_at is distinct from old.revoked_at) execute function announce_revocation('key');
--> statement-breakpoint
create trigger api_sessions_revoked after update of revoked_at on api_sessions
for each row when (new.revoked_at is distinct from old.revoked_at) execute function announce_revocation('session');
--> statement-breakpoint
create trigger users_frozen after update of frozen_at on users
for each row when (new.frozen_at is distinct from old.frozen_at) execute function announce_revocation('user');
--> statement-breakpoint
revoke execute on function keep_vault, keep_api_key, announce_revocation from public;
--> statement-breakpoint
grant select, insert, update on vaults, api_keys, api_sessions, refresh_tokens, pins to cauris_app;
--> statement-breakpoint
grant delete on refresh_tokens, pins to cauris_app;
--> statement-breakpoint
grant select, insert, delete on oauth_requests to cauris_app;
--> statement-breakpoint
grant update (answer) on idempotency_keys to cauris_app;
