import type postgres from "postgres";
import type { Random } from "../random";

export type Sql = postgres.TransactionSql;

/** A change by a superuser. Returns its description, or null when it found no row to change. */
export type Tampering = (tx: Sql, random: Random) => Promise<string | null>;

/** Tables that the audit and the seals protect, with how often each is changed. */
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

/** Columns that the product itself changes, which no check covers: lib/ledger/README.md. */
const UNPROTECTED = new Set([
  ...[
    "reason",
    "provider_reference",
    "payment_url",
    "attempt",
    "expires_at",
    "updated_at",
    "note_folded",
  ].map((column) => `operations.${column}`),
  "wallets.frozen_at",
  ...["name", "goal_minor", "locked_until", "closed_at"].map((column) => `vaults.${column}`),
]);

/** Changed values of a column by its type, as SQL; `$k` is a number. */
const CHANGES: Record<string, readonly string[]> = {
  text: ["coalesce($column, '') || 'X'", "translate($column, '0123456789', '1234567890')"],
  bytea: ["sha256($column)"],
  "timestamp with time zone": ["$column - make_interval(secs => $k)", "$column + interval '1 microsecond'"],
  number: ["coalesce($column, 0) + $k", "coalesce($column, 0) + 100000", "$column - 1"],
};
/** The value of another row, which looks right by itself. */
const BORROWED = `(select other.$column from $table other where other.$column is distinct from $table.$column
  order by md5(other::text || '$k') limit 1)`;

/** Changes one field of one row. */
export const changeField: Tampering = async (tx, random) => {
  const table = random.weighted(WEIGHTS);
  const columns = await tx<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`;
  const { name, type } = random.pick(columns.filter((column) => !UNPROTECTED.has(`${table}.${column.name}`)));
  const expression = random.pick([...(CHANGES[type] ?? CHANGES.number ?? []), BORROWED]);
  const value = expression
    .replaceAll("$column", name)
    .replaceAll("$table", table)
    .replaceAll("$k", String(random.int(1, 900)));
  const row = await pickRow(tx, random, table);
  const changed = await tx.unsafe(
    `update ${table} set ${name} = ${value} where ctid = '${row}' and ${name} is distinct from ${value} returning 1`,
  );
  return changed.length === 1 ? `${table}.${name} = ${value}` : null;
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
  const one = await pickRow(tx, random, "ledger_seals");
  const other = await pickRow(tx, random, "ledger_seals");
  if (one === other) return null;
  await tx.unsafe(`update ledger_seals s set content_hash = o.content_hash, root = o.root, previous_root = o.previous_root
    from ledger_seals o where (s.ctid, o.ctid) in (('${one}', '${other}'), ('${other}', '${one}'))`);
  return `the seals at ${one} and ${other} swapped`;
};

/** Replaces a function that seals or verifies. */
export const replaceFunction: Tampering = async (tx, random) => {
  const name = random.pick(["ledger_seal_lines", "ledger_seal_digest", "ledger_seal_line"]);
  await tx.unsafe(`update pg_proc set prosrc = prosrc || ' ' where proname = '${name}'`);
  return `${name} replaced`;
};

/** The place of a random row of a table. */
async function pickRow(tx: Sql, random: Random, table: string): Promise<string> {
  const [row] = await tx.unsafe<{ place: string }[]>(
    `select ctid::text as place from ${table} order by md5(ctid::text || '${random.hex(4)}') limit 1`,
  );
  return row?.place ?? "(0,0)";
}
