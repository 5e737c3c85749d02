import type postgres from "postgres";

/** Row count and hash of each table, by the table's name. */
export type Snapshot = ReadonlyMap<string, string>;

/** Reads the rows of `people`, or all rows for null. Two snapshots are equal if nothing changed between them. */
export type StateReader = (people: readonly Owner[] | null) => Promise<Snapshot>;

interface Owner {
  userId: bigint;
  walletId: bigint;
}

/** Any request may change these. */
const UNWATCHED = new Set(["rate_limits", "oauth_requests"]);
/** Changed by reading, such as the time of last use, or by the worker a moment later. */
const UNWATCHED_COLUMNS = "{last_seen_at,last_used_at,run_at,queued_at,also_to}";
const UNWATCHED_COLUMNS_OF: Readonly<Record<string, string>> = {
  // A session lasts longer with each request.
  sessions: "{last_seen_at,expires_at}",
  // What the worker notes as it sends a message, and what its vendor reports.
  outgoing_messages:
    "{content,state,attempts,claimed_until,vendor,vendor_message_id,failure,sent_at,changed_at}",
};

const OPERATIONS = "wallet_id = any($wallets) or counterparty_wallet_id = any($wallets)";

/** Which rows of a table are those of $users and $wallets: by the table's name, or else by the first column that it has. */
const OWNED_BY: Readonly<Record<string, string>> = {
  users: "id = any($users)",
  operations: OPERATIONS,
  ledger_accounts: "address like any(select 'wallet/' || w || '/%' from unnest($wallets) w)",
  user_id: "user_id = any($users)",
  wallet_id: "wallet_id = any($wallets)",
  session_id: "session_id in (select id from api_sessions where user_id = any($users))",
  operation_id: `operation_id in (select id from operations where ${OPERATIONS})`,
};

/** A reader of all tables of the database, also of those that come with a later migration. */
export async function openStateReader(owner: postgres.Sql): Promise<StateReader> {
  const tables = await owner<{ name: string; columns: string[] }[]>`
    select table_name as name, array_agg(column_name::text) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' group by 1`;
  const watched = tables
    .filter(({ name }) => !UNWATCHED.has(name))
    .map(({ name, columns }) => ({
      name,
      without: UNWATCHED_COLUMNS_OF[name] ?? UNWATCHED_COLUMNS,
      ownedBy: Object.entries(OWNED_BY).find(([key]) => key === name || columns.includes(key))?.[1],
    }));
  const jobs = { name: "graphile_worker._private_jobs", without: UNWATCHED_COLUMNS, ownedBy: undefined };
  return async (people) => {
    const list = (ids: readonly bigint[]) => `'{${ids.join(",")}}'::bigint[]`;
    const queries = [...watched, jobs]
      .filter(({ ownedBy }) => people === null || ownedBy !== undefined)
      .map(({ name, without, ownedBy }) => {
        const where = people === null ? "true" : ownedBy;
        return `select '${name}' as name, count(*) || ':' ||
          coalesce(sum(hashtextextended((to_jsonb(t) - '${without}'::text[])::text, 0)), 0) as sum from ${name} t where ${where}`;
      });
    const text = queries
      .join(" union all ")
      .replaceAll("$users", list((people ?? []).map(({ userId }) => userId)))
      .replaceAll("$wallets", list((people ?? []).map(({ walletId }) => walletId)));
    const rows = await owner.unsafe<{ name: string; sum: string }[]>(text, [], { prepare: true });
    return new Map(rows.map(({ name, sum }) => [name, sum]));
  };
}

/** Names of the tables that differ. */
export function changedTables(before: Snapshot, after: Snapshot): string[] {
  return [...after.keys()].filter((name) => before.get(name) !== after.get(name)).sort();
}
