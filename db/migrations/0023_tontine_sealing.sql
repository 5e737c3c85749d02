-- Sealing covers tontines: groups, rules with their signatures, dues with their payments, payouts with their approvals, and events. As in
-- 0005_sealing.sql otherwise; the array of a table of its own name is the default there.

create or replace function ledger_seal_lines(p_subject text, p_from bigint, p_to bigint) returns table (line text)
language plpgsql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' as $$
begin
  case p_subject
    when 'accounts' then
      return query select row_to_json(r)::text from (
        select a.id::text as account, a.address, a.currency, a.minimum_balance::text as minimum_balance
        from ledger_accounts a where a.id between p_from and p_to order by a.id) r;
    when 'entries' then
      return query select row_to_json(r)::text from (
        select e.id::text as entry, e.source, e.step, e.occurred_at, e.recorded_at, e.reverses_entry_id::text as reverses
        from ledger_entries e where e.id between p_from and p_to order by e.id) r;
      return query select row_to_json(r)::text from (
        select m.entry_id::text as posting, m.position::text as position, m.from_account::text as "from",
          m.to_account::text as "to", m.currency, m.amount::text as amount, m.from_balance::text as from_balance,
          m.from_version::text as from_version, m.to_balance::text as to_balance, m.to_version::text as to_version,
          m.recorded_at
        from ledger_postings m where m.entry_id between p_from and p_to order by m.entry_id, m.position) r;
    when 'checkpoints' then
      -- Few accounts and many rows each: from account to account by their key, which has the entry second.
      return query with recursive derived(id) as (
        (select k.account_id from ledger_checkpoints k order by k.account_id limit 1)
        union all
        select (select k.account_id from ledger_checkpoints k where k.account_id > s.id order by k.account_id limit 1)
        from derived s where s.id is not null
      )
      select row_to_json(r)::text from (
        select c.entry_id::text as checkpoint, c.account_id::text as account, c.balance::text as balance, c.created_at
        from derived s join ledger_checkpoints c on c.account_id = s.id and c.entry_id between p_from and p_to
        order by c.entry_id, c.account_id) r;
    when 'wallets' then
      return query select row_to_json(r)::text from (
        select w.id::text as wallet, w.user_id::text as "user", w.number, w.created_at
        from wallets w where w.id between p_from and p_to order by w.id) r;
    when 'vaults' then
      return query select row_to_json(r)::text from (
        select v.id::text as vault, v.wallet_id::text as wallet, v.currency, v.created_at
        from vaults v where v.id between p_from and p_to order by v.id) r;
    when 'operations' then
      return query select row_to_json(r)::text from (
        select o.id::text as operation, o.reference, o.type, o.wallet_id::text as wallet, o.currency,
          o.amount_minor::text as amount, o.fee_minor::text as fee, o.provider, o.method, o.phone, o.bank_code, o.bank_name,
          o.account_number, o.account_name, o.counterparty_wallet_id::text as counterparty, o.vault_id::text as vault,
          o.note, o.return_url, o.created_at
        from operations o where o.id between p_from and p_to order by o.id) r;
    when 'events' then
      return query select row_to_json(r)::text from (
        select v.id::text as event, v.operation_id::text as operation, v.from_state, v.to_state, v.reason, v.actor,
          v.created_at
        from operation_events v where v.id between p_from and p_to order by v.id) r;
    when 'tontines' then
      return query select row_to_json(r)::text from (
        select t.id::text as tontine, t.code, t.name, t.currency, t.zone, t.founder_user_id::text as founder, t.created_at
        from tontines t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_rules' then
      return query select row_to_json(r)::text from (
        select t.id::text as rules, t.tontine_id::text as tontine, t.version::text as version, t.parameters, t.text_fr, t.text_en,
          encode(t.hash, 'hex') as hash, t.created_at
        from tontine_rules t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_signatures' then
      return query select row_to_json(r)::text from (
        select t.id::text as signature, t.rules_id::text as rules, t.member_id::text as member, encode(t.hash, 'hex') as hash,
          t.signed_by_user_id::text as signed_by, t.signed_at
        from tontine_signatures t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_dues' then
      return query select row_to_json(r)::text from (
        select t.id::text as due, t.tontine_id::text as tontine, t.turn_id::text as turn, t.share_id::text as share,
          t.holder_id::text as holder, t.kind, t.amount_minor::text as amount, t.due_at, t.created_at
        from tontine_dues t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_due_payments' then
      return query select row_to_json(r)::text from (
        select t.id::text as payment, t.due_id::text as due, t.part::text as part, t.amount_minor::text as amount, t.via,
          t.payer_member_id::text as payer, t.operation_id::text as operation, t.mandate_id::text as mandate,
          t.entry_id::text as entry, t.paid_at
        from tontine_due_payments t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_payouts' then
      return query select row_to_json(r)::text from (
        select t.id::text as payout, t.tontine_id::text as tontine, t.turn_id::text as turn, t.holder_id::text as holder,
          t.instalment::text as instalment, t.member_id::text as member, t.amount_minor::text as amount,
          t.approved_payout_id::text as approved_by, encode(t.shown_hash, 'hex') as shown, t.proposed_at
        from tontine_payouts t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_approvals' then
      return query select row_to_json(r)::text from (
        select t.id::text as approval, t.payout_id::text as payout, t.member_id::text as member, encode(t.shown_hash, 'hex') as
          shown, t.approved_at
        from tontine_approvals t where t.id between p_from and p_to order by t.id) r;
    when 'tontine_events' then
      return query select row_to_json(r)::text from (
        select t.id::text as event, t.tontine_id::text as tontine, t.kind, t.actor, t.member_id::text as member, t.turn_id::text as
          turn, t.due_id::text as due, t.payout_id::text as payout, t.amount_minor::text as amount, t.details,
          t.created_at
        from tontine_events t where t.id between p_from and p_to order by t.id) r;
    else
      -- A seal whose subject was changed has no lines, and so another hash.
      return;
  end case;
end $$;
--> statement-breakpoint
create or replace function ledger_seal_newest(p_subject text) returns bigint
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
  return case p_subject
    when 'accounts' then (select max(id) from ledger_accounts)
    when 'entries' then (select max(id) from ledger_entries)
    when 'wallets' then (select max(id) from wallets)
    when 'vaults' then (select max(id) from vaults)
    when 'tontines' then (select max(id) from tontines)
    when 'tontine_rules' then (select max(id) from tontine_rules)
    when 'tontine_signatures' then (select max(id) from tontine_signatures)
    when 'tontine_dues' then (select max(id) from tontine_dues)
    when 'tontine_due_payments' then (select max(id) from tontine_due_payments)
    when 'tontine_payouts' then (select max(id) from tontine_payouts)
    when 'tontine_approvals' then (select max(id) from tontine_approvals)
    when 'tontine_events' then (select max(id) from tontine_events)
    when 'operations' then (select max(id) from operations)
    when 'events' then (select max(id) from operation_events)
    when 'checkpoints' then (
      with recursive derived(id) as (
        (select k.account_id from ledger_checkpoints k order by k.account_id limit 1)
        union all
        select (select k.account_id from ledger_checkpoints k where k.account_id > s.id order by k.account_id limit 1)
        from derived s where s.id is not null
      )
      select max((select max(k.entry_id) from ledger_checkpoints k where k.account_id = s.id)) from derived s)
  end;
end $$;
