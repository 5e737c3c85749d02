import type postgres from "postgres";
import { fillAccount } from "@/e2e/support/long-account";
import { invariant } from "@/lib/invariant";
import { chart } from "@/lib/ledger/chart";
import { type ApiResult, runRequests } from "./api-load";
import type { ApiPeople } from "./api-people";

const CONNECTIONS = 8;
const PAGE = 20;
const ROUNDS = 3;
/** A million postings are most of a year. */
const SECONDS_APART = 30;

export interface HistoryResult {
  operations: number;
  first: ApiResult;
  deepest: ApiResult;
  /** GET /api/wallet/balance-history, one request at a time. */
  balance: ApiResult;
}

/**
 * Gives the first sender a history of `operations` transfers, sent and received in turn, and as many postings in nairas. The
 * transfers have no postings: the database can be used for nothing but reading afterwards.
 */
export async function createHistory(owner: postgres.Sql, operations: number): Promise<void> {
  await owner`
    insert into operations (reference, type, state, wallet_id, counterparty_wallet_id, currency, amount_minor, note,
      created_at, updated_at)
    select 'TXN-HISTORY' || n, 'transfer', 'succeeded', case when n % 2 = 0 then 1 else other end,
      case when n % 2 = 0 then other else 1 end, 'XOF', 100 + n % 5000, case when n % 10 = 0 then 'Loyer' end,
      moment, moment
    from generate_series(1, ${operations}::int) as n,
      lateral (select 2 + n % 9000 as other, now() - (${operations}::int - n) * interval '1 minute' as moment) x`;
  const first = new Date(Date.now() - operations * SECONDS_APART * 1_000);
  const account = chart.available(1n, "NGN");
  await fillAccount(owner, account, { count: operations, first, stepSeconds: SECONDS_APART });
  await owner.unsafe("vacuum analyze operations, ledger_postings");
}

/** GET /api/wallet/transactions of that sender: the newest page, and the last one that a cursor leads to. */
export async function measureHistory(
  owner: postgres.Sql,
  {
    url,
    people,
    durationMs,
    signal,
  }: { url: string; people: ApiPeople; durationMs: number; signal: AbortSignal },
): Promise<HistoryResult> {
  const [size] = await owner<{ count: number }[]>`
    select count(*)::int as count from operations where 1 in (wallet_id, counterparty_wallet_id)`;
  const [deep] = await owner<{ id: string }[]>`
    select id from operations where 1 in (wallet_id, counterparty_wallet_id) order by id limit 1 offset ${PAGE}`;
  const [apiKey] = people.apiKeys;
  invariant(size && deep && apiKey !== undefined, "the first sender has a history");
  const ask = (path: string) => ({ method: "GET", path, headers: { "x-api-key": apiKey } }) as const;
  const measure = async (query: string): Promise<ApiResult> => {
    const request = ask(`/api/wallet/transactions?limit=${PAGE}${query}`);
    const load = { url, connections: CONNECTIONS, durationMs, signal };
    return await runRequests(
      load,
      () => request,
      (body) => (countOf(body) === PAGE ? 1 : 0),
    );
  };
  await measure("");
  // In turn: the load of the machine changes.
  const first: ApiResult[] = [];
  const deepest: ApiResult[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    first.push(await measure(""));
    deepest.push(await measure(`&cursor=${deep.id}`));
  }
  const balance = await runRequests({ url, connections: 1, durationMs, signal }, () =>
    ask("/api/wallet/balance-history?currency=NGN&period=3m"),
  );
  return { operations: size.count, first: medianResult(first), deepest: medianResult(deepest), balance };
}

function medianResult(results: ApiResult[]): ApiResult {
  const sorted = results.sort((one, other) => one.perSecond - other.perSecond);
  const result = sorted[Math.floor(sorted.length / 2)];
  invariant(result, "a page was measured");
  return result;
}

function countOf(body: string): number {
  const { count } = JSON.parse(body) as { count: number };
  return count;
}
