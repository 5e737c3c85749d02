import type postgres from "postgres";
import { newKey } from "@/lib/ids";
import type { LedgerAccount } from "@/lib/ledger/chart";

/** What an account that {@link fillAccount} filled holds after `count` postings: ten in, five out, in turn. */
export function balanceAfter(count: number): bigint {
  return BigInt(5 * Math.floor(count / 2) + (count % 2 === 1 ? 10 : 0));
}

/**
 * Gives a materialized account without postings `count` of them, written as the posting function would have at these times: the
 * first one at `first`, the others `stepSeconds` apart.
 */
export async function fillAccount(
  owner: postgres.Sql,
  { address, currency }: LedgerAccount,
  { count, first, stepSeconds }: { count: number; first: Date; stepSeconds: number },
): Promise<void> {
  const name = `filler/${newKey()}`;
  const [other] = await owner<{ id: string }[]>`
    insert into ledger_accounts (address, currency, minimum_balance) values (${`test/${name}`}, ${currency}, null) returning id`;
  const [account] = await owner<{ id: string }[]>`
    insert into ledger_accounts (address, currency, minimum_balance) values (${address}, ${currency}, 0)
    on conflict (address) do update set version = ledger_accounts.version returning id`;
  const ids = [account?.id ?? "", other?.id ?? ""] as const;
  await owner`
    with entries as (
      insert into ledger_entries (source, step, occurred_at, recorded_at)
      select ${`${name}/`}::text || lpad(n::text, 8, '0'), 'test', at, at
      from generate_series(1, ${count}::int) n,
        lateral (select ${first.toISOString()}::timestamptz + (n - 1) * ${stepSeconds} * interval '1 second' as at) x
      order by n returning id, recorded_at
    ), numbered as (select id, recorded_at, row_number() over (order by recorded_at) as n from entries)
    insert into ledger_postings
      (entry_id, position, from_account, to_account, currency, amount, from_balance, from_version, to_balance, to_version,
        recorded_at)
    select id, 1, case when n % 2 = 1 then ${ids[1]}::bigint else ${ids[0]}::bigint end,
      case when n % 2 = 1 then ${ids[0]}::bigint else ${ids[1]}::bigint end, ${currency}, case when n % 2 = 1 then 10 else 5 end,
      case when n % 2 = 0 then 5 * (n / 2) end, case when n % 2 = 0 then n end,
      case when n % 2 = 1 then 5 * (n / 2) + 10 end, case when n % 2 = 1 then n end, recorded_at
    from numbered`;
  await owner`update ledger_accounts set version = ${count}, balance = ${balanceAfter(count).toString()}
    where id = ${ids[0]}`;
}
