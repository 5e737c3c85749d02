import type postgres from "postgres";
import type { Person } from "./person";

/** A table's rows as one number, by the table's name. */
export type Footprint = ReadonlyMap<string, string>;

interface Watched {
  table: string;
  /** What of a row changes by itself: when somebody was last seen. */
  without?: string[];
  /** Rows of a user and a wallet; null for what is nobody's alone. */
  mine: string | null;
}

const OF_USER = "user_id = any($users)";
const OF_WALLET = "wallet_id = any($wallets)";
const OF_OPERATION = `operation_id in (select id from operations where ${OF_WALLET} or counterparty_wallet_id = any($wallets))`;

/** Everything that a request could change but the counters of limits and what Google's sign-ins begin. */
const WATCHED: readonly Watched[] = [
  { table: "users", mine: "id = any($users)" },
  { table: "identities", mine: OF_USER },
  { table: "sessions", without: ["last_seen_at", "expires_at"], mine: OF_USER },
  { table: "wallets", mine: OF_USER },
  { table: "api_keys", without: ["last_used_at"], mine: OF_USER },
  { table: "api_sessions", mine: OF_USER },
  { table: "refresh_tokens", mine: `session_id in (select id from api_sessions where ${OF_USER})` },
  { table: "pins", mine: OF_USER },
  { table: "operations", mine: `${OF_WALLET} or counterparty_wallet_id = any($wallets)` },
  { table: "operation_events", mine: OF_OPERATION },
  { table: "idempotency_keys", mine: OF_USER },
  { table: "quotes", mine: OF_USER },
  { table: "vaults", mine: OF_WALLET },
  { table: "webhook_events", mine: null },
  {
    table: "ledger_accounts",
    mine: "address like any(select 'wallet/' || w || '/%' from unnest($wallets) w)",
  },
  { table: "ledger_postings", mine: null },
  { table: "payout_switches", mine: null },
  { table: "decisions", mine: null },
  { table: "graphile_worker._private_jobs", without: ["run_at"], mine: null },
];

/** What belongs to these people, or everything for null: equal before and after what changed nothing. */
export async function takeFootprint(
  owner: postgres.Sql,
  people: readonly Pick<Person, "userId" | "walletId">[] | null,
): Promise<Footprint> {
  const list = (ids: readonly bigint[]) => `'{${ids.join(",")}}'::bigint[]`;
  const fill = (condition: string) =>
    condition
      .replaceAll("$users", list((people ?? []).map(({ userId }) => userId)))
      .replaceAll("$wallets", list((people ?? []).map(({ walletId }) => walletId)));
  const parts = WATCHED.filter(({ mine }) => people === null || mine !== null).map(
    ({ table, without = [], mine }) => {
      const row = without.length === 0 ? "t::text" : `(to_jsonb(t) - '{${without.join(",")}}'::text[])::text`;
      const where = people === null ? "true" : fill(mine ?? "true");
      return `select '${table}' as name, count(*) || ':' || coalesce(sum(hashtextextended(${row}, 0)), 0) as sum
        from ${table} t where ${where}`;
    },
  );
  const rows = await owner.unsafe<{ name: string; sum: string }[]>(parts.join(" union all "), [], {
    prepare: true,
  });
  return new Map(rows.map(({ name, sum }) => [name, sum]));
}

/** The tables that differ. */
export function changedTables(before: Footprint, after: Footprint): string[] {
  return [...after.keys()].filter((name) => before.get(name) !== after.get(name));
}
