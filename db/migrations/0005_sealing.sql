-- Sealing: a background hash chain over closed ranges of rows that never change. lib/ledger/README.md says what it shows.

create trigger ledger_seals_append_only before update or delete on ledger_seals
for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_seals_no_truncate before truncate on ledger_seals
for each statement execute function refuse_change();
--> statement-breakpoint
-- The canonical content of a range: a JSON object a row, fixed keys in a fixed order, whole numbers as strings, instants in
-- UTC with up to six decimals; by id, the postings of a range behind its entries. One line more or less is another hash.
create function ledger_seal_lines(p_subject text, p_from bigint, p_to bigint) returns table (line text)
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
    else
      -- A seal whose subject was changed has no lines, and so another hash.
      return;
  end case;
end $$;
--> statement-breakpoint
-- SHA-256 over the lines, each with its line feed, and how many rows and postings they are.
create function ledger_seal_digest(
  p_subject text, p_from bigint, p_to bigint, out content_hash bytea, out row_count bigint, out posting_count bigint
) language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select sha256(convert_to(coalesce(string_agg(l.line || E'\n', '' order by l.position), ''), 'UTF8')),
    count(*) filter (where l.line not like '{"posting":%'), count(*) filter (where l.line like '{"posting":%')
  from ledger_seal_lines(p_subject, p_from, p_to) with ordinality as l(line, position)
$$;
--> statement-breakpoint
-- A seal's own canonical line; its root is the SHA-256 of these bytes.
create function ledger_seal_line(p_seal ledger_seals) returns text
language sql stable set search_path = pg_catalog, public, pg_temp set timezone = 'UTC' as $$
  select row_to_json(r)::text from (
    select p_seal.number::text as seal, p_seal.subject, p_seal.from_id::text as "from", p_seal.to_id::text as "to",
      p_seal.row_count::text as rows, p_seal.posting_count::text as postings,
      encode(p_seal.content_hash, 'hex') as content, encode(p_seal.previous_root, 'hex') as previous, p_seal.sealed_at) r
$$;
--> statement-breakpoint
-- The newest id of a subject that can be seen.
create function ledger_seal_newest(p_subject text) returns bigint
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
  return case p_subject
    when 'accounts' then (select max(id) from ledger_accounts)
    when 'entries' then (select max(id) from ledger_entries)
    when 'wallets' then (select max(id) from wallets)
    when 'vaults' then (select max(id) from vaults)
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
--> statement-breakpoint
-- Seals the next closed range of p_subject, at most p_limit ids wide. Answers its number; null when there is nothing new, or
-- when a transaction that could still add to the range doesn't end. Ids are drawn while their table is locked for
-- writing (for operations, perhaps only that of the entries): whoever drew one up to the newest that is seen has ended
-- once the writers have.
create function ledger_seal(p_subject text, p_limit int) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  newest_id bigint; first_id bigint; last_id bigint; sealed ledger_seals;
begin
  if p_limit is null or p_limit not between 1 and 100000 then
    raise exception 'ledger_seal: from 1 to 100000 ids at once' using errcode = 'invalid_parameter_value';
  end if;
  -- An older snapshot would not see who has ended.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'ledger_seal: only in a read committed transaction' using errcode = 'invalid_transaction_state';
  end if;
  perform pg_advisory_xact_lock(hashtext('ledger_seal'));
  select coalesce(max(to_id), 0) + 1 into first_id from ledger_seals where subject = p_subject;
  newest_id := ledger_seal_newest(p_subject);
  if newest_id is null or newest_id < first_id then return null; end if;
  -- A checkpoint's id is its entry's: far apart.
  last_id := least(newest_id, first_id + p_limit * (case p_subject when 'checkpoints' then 1000 else 1 end)::bigint - 1);
  if not ledger_writers_end(case p_subject
    when 'accounts' then array['ledger_accounts']
    when 'entries' then array['ledger_entries']
    when 'checkpoints' then array['ledger_checkpoints']
    when 'operations' then array['operations', 'ledger_entries']
    when 'events' then array['operation_events']
    else array[p_subject] end::regclass[]) then
    return null;
  end if;
  if p_subject = 'entries' then
    -- Whoever reads the chain from its beginning knows the accounts of a posting before it.
    select least(last_id, min(m.entry_id) - 1) into last_id from ledger_postings m
    where m.entry_id between first_id and last_id and greatest(m.from_account, m.to_account)
      > (select coalesce(max(s.to_id), 0) from ledger_seals s where s.subject = 'accounts');
    if last_id < first_id then return null; end if;
  elsif p_subject = 'checkpoints' then
    -- And of a checkpoint.
    select least(last_id, min(k.entry_id) - 1) into last_id from ledger_checkpoints k
    where k.account_id > (select coalesce(max(s.to_id), 0) from ledger_seals s where s.subject = 'accounts')
      and k.entry_id between first_id and last_id;
    if last_id < first_id then return null; end if;
  end if;

  select d.content_hash, d.row_count, d.posting_count
  into sealed.content_hash, sealed.row_count, sealed.posting_count
  from ledger_seal_digest(p_subject, first_id, last_id) d;
  select s.number, s.root into sealed.number, sealed.previous_root from ledger_seals s order by s.number desc limit 1;
  sealed.number := coalesce(sealed.number, 0) + 1;
  sealed.previous_root := coalesce(sealed.previous_root, decode(repeat('00', 32), 'hex'));
  sealed.subject := p_subject; sealed.from_id := first_id; sealed.to_id := last_id;
  sealed.sealed_at := clock_timestamp();
  sealed.root := sha256(convert_to(ledger_seal_line(sealed), 'UTF8'));
  insert into ledger_seals select (sealed).*;
  return sealed.number;
end $$;
