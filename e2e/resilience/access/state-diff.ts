import type postgres from "postgres";
import type { Person } from "./person";

/** Row count and hash of each table, by the table's name. */
export type Snapshot = ReadonlyMap<string, string>;

interface WatchedTable {
  table: string;
  /** Columns that reading changes, such as the time of last use. */
  without?: string[];
  /** Condition on rows that belong to $users or $wallets; null for tables whose rows belong to no user. */
  ownedBy: string | null;
}

const OF_USER = "user_id = any($users)";
const OF_WALLET = "wallet_id = any($wallets)";
const OF_OPERATION = `operation_id in (select id from operations where ${OF_WALLET} or counterparty_wallet_id = any($wallets))`;

/** Every table that a request can change, but for rate limits and begun Google sign-ins. */
const WATCHED_TABLES: readonly WatchedTable[] = [
  { table: "users", ownedBy: "id = any($users)" },
  { table: "identities", ownedBy: OF_USER },
  { table: "sessions", without: ["last_seen_at", "expires_at"], ownedBy: OF_USER },
  { table: "wallets", ownedBy: OF_USER },
  { table: "api_keys", without: ["last_used_at"], ownedBy: OF_USER },
  { table: "api_sessions", ownedBy: OF_USER },
  { table: "refresh_tokens", ownedBy: `session_id in (select id from api_sessions where ${OF_USER})` },
  { table: "pins", ownedBy: OF_USER },
  { table: "operations", ownedBy: `${OF_WALLET} or counterparty_wallet_id = any($wallets)` },
  { table: "operation_events", ownedBy: OF_OPERATION },
  { table: "idempotency_keys", ownedBy: OF_USER },
  { table: "quotes", ownedBy: OF_USER },
  { table: "vaults", ownedBy: OF_WALLET },
  { table: "webhook_events", ownedBy: null },
  {
    table: "ledger_accounts",
    ownedBy: "address like any(select 'wallet/' || w || '/%' from unnest($wallets) w)",
  },
  { table: "ledger_postings", ownedBy: null },
  { table: "payout_switches", ownedBy: null },
  { table: "decisions", ownedBy: null },
  { table: "graphile_worker._private_jobs", without: ["run_at"], ownedBy: null },
];

/** The rows of `people`, or all rows for null. Two snapshots are equal if nothing changed between them. */
export async function takeSnapshot(
  owner: postgres.Sql,
  people: readonly Pick<Person, "userId" | "walletId">[] | null,
): Promise<Snapshot> {
  const list = (ids: readonly bigint[]) => `'{${ids.join(",")}}'::bigint[]`;
  const fill = (condition: string) =>
    condition
      .replaceAll("$users", list((people ?? []).map(({ userId }) => userId)))
      .replaceAll("$wallets", list((people ?? []).map(({ walletId }) => walletId)));
  const queries = WATCHED_TABLES.filter(({ ownedBy }) => people === null || ownedBy !== null).map(
    ({ table, without = [], ownedBy }) => {
      const row = without.length === 0 ? "t::text" : `(to_jsonb(t) - '{${without.join(",")}}'::text[])::text`;
      const where = people === null ? "true" : fill(ownedBy ?? "true");
      return `select '${table}' as name, count(*) || ':' || coalesce(sum(hashtextextended(${row}, 0)), 0) as sum
        from ${table} t where ${where}`;
    },
  );
  const rows = await owner.unsafe<{ name: string; sum: string }[]>(queries.join(" union all "), [], {
    prepare: true,
  });
  return new Map(rows.map(({ name, sum }) => [name, sum]));
}

/** Names of the tables that differ. */
export function changedTables(before: Snapshot, after: Snapshot): string[] {
  return [...after.keys()].filter((name) => before.get(name) !== after.get(name));
}
