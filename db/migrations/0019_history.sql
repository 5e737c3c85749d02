-- Balances of a materialized account just before each of several moments, which ascend: what `ledger_balance_at` answers for one.
-- The middle moment is searched first, then the middle of each half, each within the versions that its neighbours were found at.
-- For k moments and n postings: k * log2(n / k) look-ups by index, twice as many more at most, in one snapshot.
create function ledger_balances_before(p_account bigint, p_moments timestamptz[]) returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  moments int := coalesce(array_length(p_moments, 1), 0);
  -- Of each moment that was searched: the last version before it, and what it left.
  versions bigint[] := array_fill(null::bigint, array[moments]);
  balances bigint[] := array_fill(0::bigint, array[moments]);
  newest bigint; stride int := 1; place int;
  low bigint; high bigint; middle bigint; found_balance bigint; at_balance bigint; at_moment timestamptz;
begin
  select version into strict newest from ledger_accounts where id = p_account and minimum_balance is not null;
  while stride * 2 <= moments loop stride := stride * 2; end loop;
  while stride >= 1 loop
    place := stride;
    while place <= moments loop
      -- Neighbours at this distance were searched before; beyond the ends there are none.
      low := coalesce(versions[place - stride], 0);
      high := coalesce(versions[place + stride], newest);
      found_balance := coalesce(balances[place - stride], 0);
      while low < high loop
        middle := (low + high + 1) / 2;
        select x.balance, x.recorded_at into strict at_balance, at_moment from (
          select from_balance as balance, recorded_at from ledger_postings
          where from_account = p_account and from_version = middle
          union all
          select to_balance, recorded_at from ledger_postings where to_account = p_account and to_version = middle
        ) x;
        if at_moment < p_moments[place] then
          low := middle; found_balance := at_balance;
        else
          high := middle - 1;
        end if;
      end loop;
      versions[place] := low;
      balances[place] := found_balance;
      place := place + stride * 2;
    end loop;
    stride := stride / 2;
  end loop;
  return balances;
end $$;
--> statement-breakpoint
revoke execute on function ledger_balances_before from public;
--> statement-breakpoint
grant execute on function ledger_balances_before to cauris_app;
