import type postgres from "postgres";
import type { Random } from "../random";

type Sql = postgres.TransactionSql;

/** A change by a superuser. Returns its description, or null when it found no row to change. */
export type Tampering = (tx: Sql, random: Random) => Promise<string | null>;

/**
 * Columns of each table with the SQL of their changed value. Columns that the product itself changes aren't here:
 * lib/ledger/README.md lists them.
 */
const FIELDS: Record<string, Record<string, string>> = {
  ledger_accounts: {
    address: "address || '0'",
    currency: "case currency when 'XOF' then 'NGN' else 'XOF' end",
    minimum_balance: "case when minimum_balance is null then 0 else minimum_balance - $k end",
    balance: "balance + $k",
    version: "version + $k",
    posted_at: "posted_at - make_interval(secs => $k)",
    id: "id + 100000",
  },
  ledger_entries: {
    id: "id + 100000",
    source: "source || 'X'",
    step: "case step when 'credit' then 'refund' else 'credit' end",
    occurred_at: "occurred_at + make_interval(secs => $k)",
    recorded_at: "recorded_at + interval '1 microsecond'",
    reverses_entry_id: "id - 1",
  },
  ledger_postings: {
    entry_id: "entry_id + 1",
    position: "position + 1",
    from_account: "$account",
    to_account: "$account",
    currency: "case currency when 'XOF' then 'NGN' else 'XOF' end",
    amount: "amount + $k",
    from_balance: "from_balance + $k",
    from_version: "from_version + 100000",
    to_balance: "to_balance - $k",
    to_version: "to_version + 100000",
    recorded_at: "recorded_at - interval '1 microsecond'",
  },
  ledger_checkpoints: {
    account_id: "account_id + 100000",
    entry_id: "entry_id + 1",
    balance: "balance + $k",
    created_at: "created_at + make_interval(secs => $k)",
  },
  ledger_seals: {
    number: "number + 100000",
    subject: "case subject when 'events' then 'vaults' else 'events' end",
    from_id: "greatest(from_id - 1, 1)",
    to_id: "to_id + 1",
    row_count: "row_count + 1",
    posting_count: "posting_count + 1",
    content_hash: "sha256(content_hash)",
    previous_root: "sha256(previous_root)",
    root: "sha256(root)",
    sealed_at: "sealed_at - make_interval(secs => $k)",
  },
  operations: {
    id: "id + 100000",
    reference: "reference || 'X'",
    type: "case type when 'vault_deposit' then 'vault_withdrawal' else 'vault_deposit' end",
    wallet_id: "1 + wallet_id % 10",
    currency: "case currency when 'XOF' then 'NGN' else 'XOF' end",
    amount_minor: "amount_minor + $k",
    fee_minor: "fee_minor + 1",
    state:
      "case state when 'submitting' then 'unknown' when 'paid' then 'refunded' when 'refunded' then 'paid' else 'failed' end",
    provider: "provider || 'x'",
    method: "case method when 'wave' then 'orange_money' else 'wave' end",
    phone: "case when phone is not null then '+2267' || lpad((1000000 + $k)::text, 7, '0') end",
    counterparty_wallet_id:
      "case when counterparty_wallet_id is not null then 1 + counterparty_wallet_id % 10 end",
    vault_id: "vault_id + 1",
    note: "'changed'",
    return_url: "'https://changed.test'",
    created_at: "created_at - make_interval(secs => $k)",
  },
  operation_events: {
    id: "id + 100000",
    operation_id: "operation_id + 1",
    from_state: "'pending'",
    to_state: "case to_state when 'paid' then 'refunded' else 'paid' end",
    reason: "'changed'",
    actor: "'user:' || $k",
    created_at: "created_at - make_interval(secs => $k)",
  },
  wallets: {
    id: "id + 100000",
    user_id: "user_id + 100000",
    number: "(number::bigint % 9000000000000 + 1000000000000)::text",
    created_at: "created_at - make_interval(secs => $k)",
  },
  vaults: {
    id: "id + 100000",
    wallet_id: "1 + wallet_id % 10",
    currency: "case currency when 'XOF' then 'NGN' else 'XOF' end",
    created_at: "created_at - make_interval(secs => $k)",
  },
};

const WEIGHTS = {
  ledger_accounts: 3,
  ledger_entries: 4,
  ledger_postings: 7,
  ledger_checkpoints: 2,
  ledger_seals: 4,
  operations: 6,
  operation_events: 2,
  wallets: 1,
  vaults: 1,
} as const;

/** Changes one field of one row. */
export const changeField: Tampering = async (tx, random) => {
  const table = random.weighted(WEIGHTS);
  const [column, expression] = random.pick(Object.entries(FIELDS[table] ?? {}));
  const account = await pickId(tx, random, "ledger_accounts");
  const value = expression.replaceAll("$k", String(random.int(1, 900))).replaceAll("$account", account);
  const row = await pickRow(tx, random, table);
  const changed = await tx.unsafe(
    `update ${table} set ${column} = ${value} where ctid = '${row}' and ${column} is distinct from ${value} returning 1`,
  );
  return changed.length === 1 ? `${table}.${column} = ${value}` : null;
};

/** Deletes a row. */
export const removeRow: Tampering = async (tx, random) => {
  const table = random.weighted(WEIGHTS);
  const row = await pickRow(tx, random, table);
  const deleted = await tx.unsafe(`delete from ${table} where ctid = '${row}' returning 1`);
  return deleted.length === 1 ? `a row of ${table} removed` : null;
};

/** Swaps the hashes of two seals. */
export const swapSeals: Tampering = async (tx, random) => {
  const one = await pickId(tx, random, "ledger_seals", "number");
  const other = await pickId(tx, random, "ledger_seals", "number");
  if (one === other) return null;
  await tx.unsafe(`update ledger_seals s set content_hash = o.content_hash, root = o.root, previous_root = o.previous_root
    from ledger_seals o where (s.number, o.number) in ((${one}, ${other}), (${other}, ${one}))`);
  return `seals ${one} and ${other} swapped`;
};

/** Replaces a function that seals or verifies. */
export const replaceFunction: Tampering = async (tx, random) => {
  const name = random.pick(["ledger_seal_lines", "ledger_seal_digest", "ledger_seal_line"]);
  await tx.unsafe(`update pg_proc set prosrc = prosrc || ' ' where proname = '${name}'`);
  return `${name} replaced`;
};

/** A random id of a table. */
async function pickId(tx: Sql, random: Random, table: string, column = "id"): Promise<string> {
  const [row] = await tx.unsafe<{ id: string }[]>(
    `select ${column}::text as id from ${table} order by ${column} offset ${await offset(tx, random, table)} limit 1`,
  );
  return row?.id ?? "0";
}

async function pickRow(tx: Sql, random: Random, table: string): Promise<string> {
  const [row] = await tx.unsafe<{ place: string }[]>(
    `select ctid::text as place from ${table} order by ${ORDERS[table] ?? "id"} offset ${await offset(tx, random, table)} limit 1`,
  );
  return row?.place ?? "(0,0)";
}

const ORDERS: Record<string, string> = {
  ledger_postings: "entry_id, position",
  ledger_checkpoints: "entry_id, account_id",
  ledger_seals: "number",
};

async function offset(tx: Sql, random: Random, table: string): Promise<number> {
  const [row] = await tx.unsafe<{ count: number }[]>(`select count(*)::int as count from ${table}`);
  return random.int(0, Math.max(0, (row?.count ?? 1) - 1));
}
