-- Accounts and postings: how accounts are named, how they are opened, and ledger_post, the only writer of the ledger. Functions
-- that write run as their owner (security definer), so that the application's role needs no right to write.

-- Row updates stay on their page (HOT): no index covers balance or version, and half of each page is left free.
alter table ledger_accounts set (fillfactor = 50);
--> statement-breakpoint
-- The chart of accounts: addresses are made by these functions and by lib/ledger/chart.ts alone; a test compares the two. Inlined
-- into the query that calls them, so they set nothing and use immutable operators only.
-- What a wallet may spend.
create function ledger_address_available(p_wallet bigint, p_currency text) returns text language sql immutable as $$
  select 'wallet/' || p_wallet::text || '/' || p_currency || '/available'
$$;
--> statement-breakpoint
-- What is reserved for a withdrawal in flight.
create function ledger_address_held(p_wallet bigint, p_currency text) returns text language sql immutable as $$
  select 'wallet/' || p_wallet::text || '/' || p_currency || '/held'
$$;
--> statement-breakpoint
-- What is set apart in a vault.
create function ledger_address_vault(p_wallet bigint, p_currency text, p_vault bigint) returns text
language sql immutable as $$
  select 'wallet/' || p_wallet::text || '/' || p_currency || '/vault/' || p_vault::text
$$;
--> statement-breakpoint
-- What a provider owes us, or we owe it.
create function ledger_address_clearing(p_provider text, p_currency text) returns text language sql immutable as $$
  select 'clearing/' || p_provider || '/' || p_currency
$$;
--> statement-breakpoint
-- What we earned.
create function ledger_address_fees(p_currency text) returns text language sql immutable as $$
  select 'fees/' || p_currency
$$;
--> statement-breakpoint
-- Money that came in and can't be assigned yet.
create function ledger_address_suspense(p_currency text) returns text language sql immutable as $$
  select 'suspense/' || p_currency
$$;
--> statement-breakpoint
-- The kind of account that an address names: available, held, vault, clearing, fees or suspense; null for any other address.
create function ledger_address_kind(p_address text) returns text language sql immutable as $$
  select case split_part(p_address, '/', 1)
    when 'wallet' then case when split_part(p_address, '/', 4) in ('available', 'held', 'vault')
      then split_part(p_address, '/', 4) end
    when 'clearing' then 'clearing'
    when 'fees' then 'fees'
    when 'suspense' then 'suspense'
  end
$$;
--> statement-breakpoint
-- Opens the accounts that don't exist yet; the elements of the three lists match by position, and a null minimum balance makes a
-- derived account. Raises check_violation for a currency that isn't ours, and when an account exists with another currency or
-- minimum balance. Existing ones are looked up first: an insert that conflicts would use up an id.
create function ledger_open_accounts(p_addresses text[], p_currencies text[], p_minimum_balances bigint[])
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp
-- As in ledger_post: look accounts up by their address, whatever the size of the table when this was planned.
set enable_seqscan = off
as $$
begin
  if exists (select from unnest(p_currencies) as n(currency)
    where not exists (select from currencies c where c.code = n.currency)) then
    raise exception 'an account has a currency of ours' using errcode = 'check_violation';
  end if;

  insert into ledger_accounts (address, currency, minimum_balance)
  select n.address, n.currency, n.minimum_balance
  from unnest(p_addresses, p_currencies, p_minimum_balances) as n(address, currency, minimum_balance)
  left join lateral (select a.id from ledger_accounts a where a.address = n.address limit 1) known on true
  where known.id is null
  order by n.address
  on conflict (address) do nothing;

  if exists (
    select from unnest(p_addresses, p_currencies, p_minimum_balances) as n(address, currency, minimum_balance)
    cross join lateral (
      select a.currency, a.minimum_balance from ledger_accounts a where a.address = n.address limit 1
    ) known
    where known.currency <> n.currency or known.minimum_balance is distinct from n.minimum_balance
  ) then
    raise exception 'an account exists with another currency or minimum balance' using errcode = 'check_violation';
  end if;
end $$;
--> statement-breakpoint
-- Posts a list of entries. Each ends with a verdict of its own and doesn't fail the others:
--   posted, duplicate (this very entry was posted before), mismatch (its (source, step) was, with other postings),
--   insufficient_funds, unknown_account or currency_mismatch.
--
-- Shapes
--   p_accounts                    every address once, in ascending byte order; postings name them by position (from 1)
--   p_sources, p_steps,           one element an entry; p_reverses may hold nulls;
--   p_occurred_at, p_reverses,    p_counts is the number of postings of an entry, at least one
--   p_counts
--   p_from, p_to, p_currencies,   one element a posting, in the order of the entries; amounts in minor units
--   p_amounts
--   verdicts, entry_ids           one element an entry; 0 for an entry that has no id
-- A list that breaks these shapes is a programmer's error: invalid_parameter_value, and nothing is written.
--
-- Bounds: 10,000 entries, 40,000 postings, 40,000 accounts a call; an amount from 1 to 10^15.
-- One call a transaction: accounts are locked in id order within a call, and a second call could lock a lower id after a
-- higher one (deadlock).
--
-- The client makes one round trip. Inside, each phase is one statement over the whole list, or none:
--   phase                   | statements     | reads                           | locks until the end of the transaction
--   1 check shapes          | 0              |                                 |
--   2 announce the writer   | 1              |                                 | ledger_entries, row exclusive
--   3 lock accounts         | 1              | materialized accounts, by       | their rows, for no key update, in id order
--                           |                | address                         |
--   4 find the others       | 0 or 1         | derived accounts, by address    |
--   5 find duplicates       | 1 (and 1 each) | entries by (source, step);      |
--                           |                | postings of the duplicates      |
--   6 decide, entry by      | 0 (nextval an  |                                 |
--     entry, in memory      | entry)         |                                 |
--   7 write                 | 3, none when   |                                 | new rows of ledger_entries and ledger_postings;
--                           | nothing is     |                                 | the unique keys make a concurrent poster of the
--                           | posted         |                                 | same (source, step) wait, then fail: it retries
-- Derived accounts are neither locked nor updated: their balance is the sum of their postings.
create function ledger_post(
  p_accounts text[],
  p_sources text[], p_steps text[], p_occurred_at timestamptz[], p_reverses bigint[], p_counts int[],
  p_from int[], p_to int[], p_currencies text[], p_amounts bigint[],
  out verdicts text[], out entry_ids bigint[]
) language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
-- Lists are short and tables long: always look up by key, with a plan made once a connection, perhaps while the tables were
-- empty. So look-ups are lateral with `limit 1`: a join's key may else be checked after reading a whole index.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
-- Without JIT, which the switched-off plan kinds would make look worth its start-up.
set plan_cache_mode = force_generic_plan set jit = off
as $$
declare
  entry_count constant int := cardinality(p_sources);
  posting_count constant int := cardinality(p_from);
  account_ids bigint[]; addresses text[]; account_currencies text[]; minimum_balances bigint[]; balances bigint[]; versions bigint[];
  latest timestamptz; moment timestamptz;
  known_ids bigint[]; known_same boolean[];
  cursor_at int := 1; last_at int; undo_at int;
  source_index int; target_index int; amount bigint; verdict text; entry_id bigint;
  -- what will be written: entries (e) and postings (m)
  e int := 0; e_id bigint[]; e_at int[];
  m int := 0; m_start int; m_entry bigint[]; m_position smallint[]; m_at int[];
  m_from_balance bigint[]; m_from_version bigint[]; m_to_balance bigint[]; m_to_version bigint[];
begin
  -- 1: check shapes.
  if entry_count = 0 or entry_count > 10000 or posting_count > 40000 or cardinality(p_accounts) > 40000
    or cardinality(p_steps) <> entry_count or cardinality(p_occurred_at) <> entry_count
    or cardinality(p_reverses) <> entry_count or cardinality(p_counts) <> entry_count
    or cardinality(p_to) <> posting_count or cardinality(p_currencies) <> posting_count
    or cardinality(p_amounts) <> posting_count then
    raise exception 'ledger_post: the list has a wrong shape' using errcode = 'invalid_parameter_value';
  end if;
  -- An address that stood twice would have two running balances.
  if array_position(p_accounts, null) is not null then
    raise exception 'ledger_post: an address is missing' using errcode = 'invalid_parameter_value';
  end if;
  for i in 2..cardinality(p_accounts) loop
    if p_accounts[i] collate "C" <= p_accounts[i - 1] collate "C" then
      raise exception 'ledger_post: accounts must ascend' using errcode = 'invalid_parameter_value';
    end if;
  end loop;

  -- 2: a checkpoint and a seal wait for whoever holds this, so every id drawn below is seen by them or later than theirs.
  lock table ledger_entries in row exclusive mode;

  -- 3: lock the materialized accounts.
  select array_agg(id), array_agg(address), array_agg(currency), array_agg(minimum_balance), array_agg(balance), array_agg(version),
    max(posted_at)
  into account_ids, addresses, account_currencies, minimum_balances, balances, versions, latest
  from (
    with locked as materialized (
      select id, address, currency, minimum_balance, balance, version, posted_at
      from ledger_accounts where address = any (p_accounts) and minimum_balance is not null
      order by id for no key update
    )
    select * from locked order by address collate "C"
  ) a;
  -- 4: both lists ascend and match by position when all accounts are materialized; else put the derived and the unknown in place.
  if cardinality(addresses) is distinct from cardinality(p_accounts) then
    select array_agg(coalesce(account_ids[k.at], a.id) order by n.position),
      array_agg(coalesce(account_currencies[k.at], a.currency) order by n.position),
      array_agg(minimum_balances[k.at] order by n.position), array_agg(coalesce(balances[k.at], 0) order by n.position),
      array_agg(coalesce(versions[k.at], 0) order by n.position)
    into account_ids, account_currencies, minimum_balances, balances, versions
    from unnest(p_accounts) with ordinality as n(address, position)
    left join lateral (select array_position(addresses, n.address) as at) k on true
    left join lateral (
      select d.id, d.currency from ledger_accounts d
      where k.at is null and d.address = n.address and d.minimum_balance is null limit 1
    ) a on true;
  end if;

  -- Under the locks, so that along one account time never runs against the version.
  moment := greatest(clock_timestamp(), latest);

  -- 5: find entries that were posted before.
  select array_agg(x.id order by n.position), array_agg(x.same order by n.position)
  into known_ids, known_same
  from unnest(p_sources, p_steps) with ordinality as n(source, step, position)
  left join lateral (
    select k.id, ledger_same_postings(k.id, p_accounts, p_counts, n.position::int, p_from, p_to, p_amounts) as same
    from ledger_entries k where k.source = n.source and k.step = n.step limit 1
  ) x on true;

  -- 6: decide each entry, keeping the balances after each posting in memory.
  for i in 1..entry_count loop
    last_at := cursor_at + p_counts[i] - 1;
    if p_counts[i] < 1 or last_at > posting_count then
      raise exception 'ledger_post: the list has a wrong shape' using errcode = 'invalid_parameter_value';
    end if;
    entry_id := known_ids[i];
    if entry_id is not null then
      verdict := case when known_same[i] then 'duplicate' else 'mismatch' end;
    else
      verdict := 'posted';
      m_start := m;
      undo_at := last_at;
      for k in cursor_at..last_at loop
        source_index := p_from[k]; target_index := p_to[k]; amount := p_amounts[k];
        if source_index = target_index or amount is null or amount < 1 or amount > 1000000000000000 then
          raise exception 'ledger_post: a posting is not valid' using errcode = 'invalid_parameter_value';
        end if;
        if account_ids[source_index] is null or account_ids[target_index] is null then
          verdict := 'unknown_account';
        elsif account_currencies[source_index] <> p_currencies[k] or account_currencies[target_index] <> p_currencies[k] then
          verdict := 'currency_mismatch';
        elsif balances[source_index] - amount < minimum_balances[source_index] then
          verdict := 'insufficient_funds';
        end if;
        if verdict <> 'posted' then
          undo_at := k - 1;
          exit;
        end if;
        m := m + 1;
        m_at[m] := k;
        m_position[m] := k - cursor_at + 1;
        if minimum_balances[source_index] is null then
          m_from_balance[m] := null; m_from_version[m] := null;
        else
          balances[source_index] := balances[source_index] - amount;
          versions[source_index] := versions[source_index] + 1;
          m_from_balance[m] := balances[source_index]; m_from_version[m] := versions[source_index];
        end if;
        if minimum_balances[target_index] is null then
          m_to_balance[m] := null; m_to_version[m] := null;
        else
          balances[target_index] := balances[target_index] + amount;
          versions[target_index] := versions[target_index] + 1;
          m_to_balance[m] := balances[target_index]; m_to_version[m] := versions[target_index];
        end if;
      end loop;
      if verdict = 'posted' then
        entry_id := nextval('ledger_entries_id_seq');
        e := e + 1;
        e_id[e] := entry_id; e_at[e] := i;
        for k in m_start + 1..m loop m_entry[k] := entry_id; end loop;
      else
        -- Take back what this entry moved before it was refused.
        for k in reverse undo_at..cursor_at loop
          source_index := p_from[k]; target_index := p_to[k];
          if minimum_balances[source_index] is not null then
            balances[source_index] := balances[source_index] + p_amounts[k];
            versions[source_index] := versions[source_index] - 1;
          end if;
          if minimum_balances[target_index] is not null then
            balances[target_index] := balances[target_index] - p_amounts[k];
            versions[target_index] := versions[target_index] - 1;
          end if;
        end loop;
        m := m_start;
        entry_id := null;
      end if;
    end if;
    verdicts[i] := verdict;
    -- Zero for none: some clients read a null inside an array as text.
    entry_ids[i] := coalesce(entry_id, 0);
    cursor_at := last_at + 1;
  end loop;
  if cursor_at <> posting_count + 1 then
    raise exception 'ledger_post: the list has a wrong shape' using errcode = 'invalid_parameter_value';
  end if;
  if e = 0 then return; end if;

  -- 7: write.
  update ledger_accounts a set balance = n.balance, version = n.version, posted_at = moment
  from unnest(account_ids, minimum_balances, balances, versions) as n(id, minimum_balance, balance, version)
  where a.id = n.id and n.minimum_balance is not null and a.version <> n.version;

  insert into ledger_entries (id, source, step, occurred_at, recorded_at, reverses_entry_id)
  overriding system value
  select n.id, p_sources[n.at], p_steps[n.at], p_occurred_at[n.at], moment, p_reverses[n.at]
  from unnest(e_id, e_at) as n(id, at);

  insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount,
    from_balance, from_version, to_balance, to_version, recorded_at)
  select n.entry, n.position, account_ids[p_from[n.at]], account_ids[p_to[n.at]], p_currencies[n.at], p_amounts[n.at],
    n.from_balance, n.from_version, n.to_balance, n.to_version, moment
  from unnest(m_entry[1:m], m_position[1:m], m_at[1:m], m_from_balance[1:m], m_from_version[1:m],
    m_to_balance[1:m], m_to_version[1:m])
    as n(entry, position, at, from_balance, from_version, to_balance, to_version);
end $$;
--> statement-breakpoint
-- Whether entry p_entry holds exactly the postings that the list names for its element p_index.
create function ledger_same_postings(
  p_entry bigint, p_accounts text[], p_counts int[], p_index int, p_from int[], p_to int[], p_amounts bigint[]
) returns boolean language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with span as (
    select coalesce(sum(p_counts[i]) filter (where i < p_index), 0)::int as skipped, p_counts[p_index] as size
    from generate_subscripts(p_counts, 1) as i
  )
  select count(*) = (select size from span) and coalesce(bool_and(
    f.address = p_accounts[p_from[span.skipped + x.position]]
    and t.address = p_accounts[p_to[span.skipped + x.position]]
    and x.amount = p_amounts[span.skipped + x.position]), false)
  from ledger_postings x
  cross join span
  join ledger_accounts f on f.id = x.from_account
  join ledger_accounts t on t.id = x.to_account
  where x.entry_id = p_entry
$$;
--> statement-breakpoint
-- Waits until every transaction that is writing to one of these tables now has ended; false when one doesn't within two
-- seconds. No lock is taken, so no other transaction and no vacuum waits for the caller.
create function ledger_writers_end(p_tables regclass[]) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  modes constant text[] := array['RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];
  deadline constant timestamptz := clock_timestamp() + interval '2 seconds';
  writers text[];
begin
  select array_agg(distinct l.virtualtransaction) into writers from pg_locks l
  where l.locktype = 'relation' and l.granted and l.mode = any (modes) and l.pid is distinct from pg_backend_pid()
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.relation = any (p_tables::oid[]);
  while exists (
    select from pg_locks l where l.virtualtransaction = any (writers) and l.locktype = 'relation' and l.granted
      and l.mode = any (modes) and l.relation = any (p_tables::oid[])
  ) loop
    if clock_timestamp() > deadline then return false; end if;
    perform pg_sleep(0.005);
  end loop;
  return true;
end $$;
--> statement-breakpoint
-- Writes a checkpoint of every derived account that moved since its last one, up to the newest entry; answers how many were
-- written. A checkpoint covers all entries up to an id, and no lower id may be committed later: ids are drawn under the lock
-- that ledger_post takes in its phase 2, so whoever drew one up to the newest that is seen has ended once the writers have.
-- Writes nothing (0) when a writer doesn't end within two seconds. Locks nothing that a posting waits for.
create function ledger_checkpoint() returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  horizon bigint; written int;
begin
  -- An older snapshot would not see who has ended.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'ledger_checkpoint: only in a read committed transaction' using errcode = 'invalid_transaction_state';
  end if;
  perform pg_advisory_xact_lock(hashtext('ledger_checkpoint'));
  select max(id) into horizon from ledger_entries;
  if not ledger_writers_end(array['ledger_entries']::regclass[]) then return 0; end if;
  with moved as (
    select a.id as account_id, coalesce(c.balance, 0) + coalesce(sum(x.delta), 0) as balance, count(x.delta) as postings
    from ledger_accounts a
    left join lateral (
      select k.entry_id, k.balance from ledger_checkpoints k where k.account_id = a.id order by k.entry_id desc limit 1
    ) c on true
    left join lateral (
      select v.amount as delta from ledger_postings v
      where v.to_account = a.id and v.to_version is null and v.entry_id > coalesce(c.entry_id, 0) and v.entry_id <= horizon
      union all
      select -v.amount from ledger_postings v
      where v.from_account = a.id and v.from_version is null and v.entry_id > coalesce(c.entry_id, 0) and v.entry_id <= horizon
    ) x on true
    where a.minimum_balance is null
    group by a.id, c.balance
  )
  insert into ledger_checkpoints (account_id, entry_id, balance)
  select account_id, horizon, balance from moved where postings > 0;
  get diagnostics written = row_count;
  return written;
end $$;
--> statement-breakpoint
-- Balance of any account now: the row of a materialized one, checkpoint and tail of a derived one.
create function ledger_balance(p_account bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when a.minimum_balance is not null then a.balance else
    coalesce(c.balance, 0)
    + coalesce((select sum(v.amount) from ledger_postings v
        where v.to_account = a.id and v.to_version is null and v.entry_id > coalesce(c.entry_id, 0)), 0)
    - coalesce((select sum(v.amount) from ledger_postings v
        where v.from_account = a.id and v.from_version is null and v.entry_id > coalesce(c.entry_id, 0)), 0)
  end::bigint
  from ledger_accounts a
  left join lateral (
    select k.entry_id, k.balance from ledger_checkpoints k where k.account_id = a.id order by k.entry_id desc limit 1
  ) c on true
  where a.id = p_account
$$;
--> statement-breakpoint
-- Balance of a materialized account at a past moment: a binary search over its gap-free versions, no index of its own.
create function ledger_balance_at(p_account bigint, p_moment timestamptz) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  low bigint := 0; high bigint; middle bigint; found_balance bigint := 0; at_balance bigint; at_moment timestamptz;
begin
  select version into strict high from ledger_accounts where id = p_account and minimum_balance is not null;
  while low < high loop
    middle := (low + high + 1) / 2;
    select x.balance, x.recorded_at into strict at_balance, at_moment from (
      select from_balance as balance, recorded_at from ledger_postings
      where from_account = p_account and from_version = middle
      union all
      select to_balance, recorded_at from ledger_postings where to_account = p_account and to_version = middle
    ) x;
    if at_moment <= p_moment then
      low := middle; found_balance := at_balance;
    else
      high := middle - 1;
    end if;
  end loop;
  return found_balance;
end $$;
