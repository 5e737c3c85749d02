-- The money of tontines: how their accounts are named, the operations of their members, and what counts as money out.

-- An account of a tontine: pot/<turn>, advance/<member>, guarantee/<member>, owed/<member>, solidarity or box.
create function ledger_address_tontine(p_tontine bigint, p_currency text, p_account text) returns text language sql immutable as $$
  select 'tontine/' || p_tontine::text || '/' || p_currency || '/' || p_account
$$;
--> statement-breakpoint
-- The kind of account that an address names, of a tontine with the prefix tontine_; null for any other address.
create or replace function ledger_address_kind(p_address text) returns text language sql immutable as $$
  select case split_part(p_address, '/', 1)
    when 'wallet' then case when split_part(p_address, '/', 4) in ('available', 'held', 'vault', 'owed')
      then split_part(p_address, '/', 4) end
    when 'tontine' then case when split_part(p_address, '/', 4) in ('pot', 'advance', 'guarantee', 'owed', 'solidarity', 'box')
      then 'tontine_' || split_part(p_address, '/', 4) end
    when 'clearing' then 'clearing'
    when 'fees' then 'fees'
    when 'suspense' then 'suspense'
  end
$$;
--> statement-breakpoint
insert into operation_types (type, is_internal) values
  ('tontine_contribution', true),
  ('tontine_fee', true),
  ('tontine_solidarity', true),
  ('tontine_deposit', true),
  ('tontine_cover', true),
  ('tontine_repayment', true),
  ('tontine_payout', true),
  ('tontine_refund', true),
  ('tontine_share_out', true);
--> statement-breakpoint
insert into operation_states (type, state, is_initial, awaits) values
  ('tontine_contribution', 'succeeded', true, null),
  ('tontine_fee', 'succeeded', true, null),
  ('tontine_solidarity', 'succeeded', true, null),
  ('tontine_deposit', 'succeeded', true, null),
  ('tontine_cover', 'succeeded', true, null),
  ('tontine_repayment', 'succeeded', true, null),
  ('tontine_payout', 'succeeded', true, null),
  ('tontine_refund', 'succeeded', true, null),
  ('tontine_share_out', 'succeeded', true, null);
--> statement-breakpoint
-- As in 0014_recovery.sql, with what goes out to tontines.
create or replace function money_out_left(p_user bigint, p_currency text, p_lock boolean, out left_minor bigint, out until timestamptz)
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  moment constant timestamptz := clock_timestamp();
begin
  if p_lock then
    perform from money_out_limits l where l.user_id = p_user and l.lifted_at is null and l.until > moment order by l.id for update;
  end if;
  select greatest(0, coalesce((l.allowed ->> p_currency)::bigint, 0) - used.amount_minor), l.until
  into left_minor, until
  from money_out_limits l
  cross join lateral (
    select coalesce(sum(o.amount_minor), 0)::bigint as amount_minor
    from operations o
    where o.wallet_id = (select w.id from wallets w where w.user_id = p_user) and o.id > l.after_operation_id
      and o.currency = p_currency and o.type in ('transfer', 'withdrawal', 'tontine_contribution', 'tontine_fee', 'tontine_solidarity', 'tontine_deposit',
        'tontine_cover', 'tontine_repayment') and o.state not in ('refunded', 'reversed')
      and (select v.actor from operation_events v where v.operation_id = o.id order by v.id limit 1) not like 'key:%'
  ) used
  where l.user_id = p_user and l.lifted_at is null and l.until > moment
  order by 1, 2 desc
  limit 1;
end $$;
--> statement-breakpoint
revoke execute on function ledger_address_tontine from public;
--> statement-breakpoint
grant execute on function ledger_address_tontine to cauris_app;
