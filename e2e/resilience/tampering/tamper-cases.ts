import type postgres from "postgres";
import type { Random } from "../random";

type Sql = postgres.TransactionSql;

/** A change by a superuser. Returns its description, or null when it found no row to change. */
export type Tampering = (tx: Sql, random: Random) => Promise<string | null>;

/** Tables that the audit and the seals protect, with how often each is changed. */
const TABLES = {
  ...{ ledger_accounts: 3, ledger_entries: 4, ledger_postings: 7, ledger_checkpoints: 2, ledger_seals: 4 },
  ...{ operations: 6, operation_events: 2, wallets: 1, vaults: 1 },
} as const;

/** Columns that the product itself changes, which no check covers: lib/ledger/README.md. */
const UNPROTECTED = new RegExp(
  "^operations.(reason|provider_reference|payment_url|attempt|expires_at|updated_at|note_folded)$" +
    "|^vaults.(name|goal_minor|locked_until|closed_at)$|^wallets.frozen_at$",
);

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
const changeField: Tampering = async (tx, random) => {
  const table = random.weighted(TABLES);
  const columns = await tx<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`;
  const { name, type } = random.pick(
    columns.filter((column) => !UNPROTECTED.test(`${table}.${column.name}`)),
  );
  const expression = random.pick([...(CHANGES[type] ?? CHANGES.number ?? []), BORROWED]);
  const value = expression
    .replaceAll("$column", name)
    .replaceAll("$table", table)
    .replaceAll("$k", String(random.int(1, 900)));
  const changed = await tx.unsafe(
    `update ${table} set ${name} = ${value} where ctid = (${randomRow(table, random)})
      and ${name} is distinct from ${value} returning 1`,
  );
  return changed.length === 1 ? `${table}.${name} = ${value}` : null;
};

const randomRow = (table: string, random: Random) =>
  `select ctid from ${table} order by md5(ctid::text || '${random.hex(4)}') limit 1`;

const removeRow: Tampering = async (tx, random) => {
  const table = random.weighted(TABLES);
  const deleted = await tx.unsafe(
    `delete from ${table} where ctid = (${randomRow(table, random)}) returning 1`,
  );
  return deleted.length === 1 ? `a row of ${table} removed` : null;
};

/** Two seals exchange their hashes. */
const swapSeals: Tampering = async (tx, random) => {
  const swapped = await tx.unsafe(`with pair as (select array_agg(number) as numbers from
      (select number from ledger_seals order by md5(number::text || '${random.hex(4)}') limit 2) two)
    update ledger_seals s set content_hash = o.content_hash, root = o.root, previous_root = o.previous_root
    from ledger_seals o, pair where s.number = any (numbers) and o.number = any (numbers) and s.number <> o.number returning 1`);
  return swapped.length === 2 ? "two seals swapped" : null;
};

/** Replaces a function that seals or verifies. */
const replaceFunction: Tampering = async (tx, random) => {
  const name = random.pick(["ledger_seal_lines", "ledger_seal_digest", "ledger_seal_line"]);
  await tx.unsafe(`update pg_proc set prosrc = prosrc || ' ' where proname = '${name}'`);
  return `${name} replaced`;
};

/**
 * What else is rewritten consistently, as SQL. `:id` is a random entry of one of the steps and `:source` its operation's
 * reference; `:k` is an amount, `:one` and `:two` are wallets, `:from` and `:to` columns in random order, `:hex` is random.
 * The change is possible when the first statement changes a row.
 */
const REWRITINGS: readonly { name: string; steps: readonly string[]; statements: readonly string[] }[] = [
  {
    name: "another amount of",
    steps: ["transfer", "credit", "vault_deposit"],
    statements: [
      "update ledger_postings set amount = amount + :k where entry_id = :id",
      "update operations set amount_minor = amount_minor + :k where reference = ':source'",
    ],
  },
  {
    name: "another recipient of",
    steps: ["transfer", "credit"],
    statements: [
      `update ledger_postings m set to_account = a.id from ledger_accounts a, ledger_accounts f
        where m.entry_id = :id and f.id = m.from_account and a.address = 'wallet/:one/' || m.currency || '/available'
          and a.id not in (m.to_account, m.from_account)`,
      `update operations set counterparty_wallet_id = case when type = 'transfer' then :one end,
        wallet_id = case when type = 'transfer' then wallet_id else :one end where reference = ':source'`,
      "update idempotency_keys set user_id = :one where reference = ':source'",
    ],
  },
  {
    name: "the removal of",
    steps: ["transfer"],
    statements: [
      "delete from ledger_postings where entry_id = :id",
      "delete from ledger_entries where id = :id",
      "delete from operation_events v using operations o where o.id = v.operation_id and o.reference = ':source'",
      "delete from operations where reference = ':source'",
      "update idempotency_keys set answer = null where answer like '%:source%'",
    ],
  },
  {
    // Into a gap of the ids, which no arithmetic check can detect.
    name: "a transfer and its reversal, like",
    steps: ["transfer"],
    statements: [
      `insert into ledger_entries (id, source, step, occurred_at, recorded_at) overriding system value
        select id + 1, 'paystack' || chr(58) || ':hex', 'correction', occurred_at, recorded_at from ledger_entries e
        where not exists (select from ledger_entries n where n.id = e.id + 1)
          and e.id < (select max(id) from ledger_entries) order by md5(id::text || ':hex') limit 1`,
      `insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount,
          from_balance, from_version, to_balance, to_version, recorded_at)
        select e.id, p, case p when 1 then :from else :to end, case p when 1 then :to else :from end, m.currency, 1,
          0, -900000 - p, 0, -900000 - p, e.recorded_at
        from ledger_postings m, ledger_entries e, generate_series(1, 2) p
        where m.entry_id = :id and e.source like 'paystack%:hex'`,
    ],
  },
  {
    name: "an earlier time of",
    steps: ["transfer", "credit", "reserve", "settle", "refund"],
    statements: ["update ledger_entries set occurred_at = occurred_at - interval '1 day' where id = :id"],
  },
  {
    name: "a later record of",
    steps: ["transfer", "credit", "reserve", "settle", "refund"],
    statements: [
      "update ledger_entries set recorded_at = recorded_at + interval '1 microsecond' where id = :id",
      "update ledger_postings set recorded_at = recorded_at + interval '1 microsecond' where entry_id = :id",
    ],
  },
  {
    name: "another phone of",
    steps: ["reserve"],
    statements: ["update operations set phone = '+22671999:k' where reference = ':source'"],
  },
  {
    name: "other owners of two wallets, not of",
    steps: ["transfer"],
    statements: [
      "update wallets set user_id = -user_id where id in (:one, :two)",
      `update wallets w set user_id = -o.user_id from wallets o
        where (w.id, o.id) in ((:one, :two), (:two, :one))`,
    ],
  },
];

// Running balances and versions, recomputed from the postings in their order. Versions are negative meanwhile, because of the
// unique indexes.
const RECOMPUTE_BALANCES = [
  `create temp table recomputed on commit drop as with ends as (
    select m.entry_id, m.position, true as is_from, m.from_account as account, -m.amount as change, m.recorded_at as at
    from ledger_postings m join ledger_accounts a on a.id = m.from_account and a.minimum_balance is not null
    union all
    select m.entry_id, m.position, false, m.to_account, m.amount, m.recorded_at
    from ledger_postings m join ledger_accounts a on a.id = m.to_account and a.minimum_balance is not null)
  select *, sum(change) over w as balance, row_number() over w as version
  from ends window w as (partition by account order by entry_id, position)`,
  "create index on recomputed (entry_id, position)",
  ...["from", "to"].flatMap((end) => [
    `update ledger_postings m set ${end}_balance = b.balance, ${end}_version = -b.version from recomputed b
      where b.is_from = (${end === "from"}) and b.entry_id = m.entry_id and b.position = m.position
        and (m.${end}_balance, m.${end}_version) is distinct from (b.balance, b.version)`,
    `update ledger_postings set ${end}_version = -${end}_version where ${end}_version < 0`,
  ]),
  `update ledger_accounts a set balance = coalesce(b.balance, 0), version = coalesce(b.version, 0),
      posted_at = coalesce(b.at, 'epoch')
    from ledger_accounts x left join lateral (
      select * from recomputed k where k.account = x.id order by k.version desc limit 1) b on true
    where x.id = a.id and a.minimum_balance is not null
      and (a.balance, a.version, a.posted_at) is distinct from (b.balance, b.version, b.at)`,
  `update ledger_checkpoints c set balance = n.balance from (
      select k.account_id, k.entry_id, sum(case when m.to_account = k.account_id then m.amount else -m.amount end) as balance
      from ledger_checkpoints k join ledger_postings m on k.account_id in (m.from_account, m.to_account)
        and m.entry_id <= k.entry_id group by k.account_id, k.entry_id) n
    where n.account_id = c.account_id and n.entry_id = c.entry_id and n.balance <> c.balance`,
];

/** A change after which every sum, balance and version is consistent. */
const changeConsistently: Tampering = async (tx, random) => {
  const { name, steps, statements } = random.pick(REWRITINGS);
  const [entry] = await tx<{ id: string; source: string }[]>`select id::text, source from ledger_entries
    where step = any (${[...steps]}) order by md5(id::text || ${random.hex(4)}) limit 1`;
  if (!entry) return null;
  const [from = "", to = ""] = random.shuffle(["from_account", "to_account"]);
  const values: Record<string, string> = {
    ...{ ...entry, from, to, k: String(random.int(100, 999)), hex: random.hex(6) },
    ...{ one: String(random.int(1, 5)), two: String(random.int(6, 10)) },
  };
  for (const [at, statement] of statements.entries()) {
    const { count } = await tx.unsafe(
      statement.replace(/:([a-z]+)/g, (whole, name) => values[name] ?? whole),
    );
    if (at === 0 && count === 0) return null;
  }
  for (const statement of RECOMPUTE_BALANCES) await tx.unsafe(statement);
  return `${name} entry ${entry.id}, and all balances recomputed`;
};

/** The same with a chain of seals that is recomputed from the current rows, which the database alone can't detect. */
const changeAndReseal: Tampering = async (tx, random) => {
  const what = await changeConsistently(tx, random);
  if (what === null) return null;
  await tx.unsafe(`do $$ declare s ledger_seals; before bytea := decode(repeat('00', 32), 'hex'); begin
    for s in select * from ledger_seals order by number loop
      select d.content_hash, d.row_count, d.posting_count into s.content_hash, s.row_count, s.posting_count
      from ledger_seal_digest(s.subject, s.from_id, s.to_id) d;
      s.previous_root := before;
      before := sha256(convert_to(ledger_seal_line(s), 'UTF8'));
      update ledger_seals x set (content_hash, row_count, posting_count, previous_root, root)
        = (s.content_hash, s.row_count, s.posting_count, s.previous_root, before) where x.number = s.number;
    end loop;
  end $$`);
  return `${what}, and the chain resealed`;
};

/** Deletes the newest seals, as if nothing had been sealed yet. */
const cutChain: Tampering = async (tx, random) => {
  const count = random.int(1, 5);
  await tx.unsafe(
    `delete from ledger_seals where number > (select max(number) from ledger_seals) - ${count}`,
  );
  return `the newest ${count} seals removed`;
};

/** How often each kind of change is made, and what it does. */
export const TAMPER_CASES = {
  field: { weight: 50, apply: changeField },
  removal: { weight: 8, apply: removeRow },
  swap: { weight: 3, apply: swapSeals },
  function: { weight: 1, apply: replaceFunction },
  consistent: { weight: 28, apply: changeConsistently },
  resealed: { weight: 6, apply: changeAndReseal },
  cut: { weight: 4, apply: cutChain },
} as const satisfies Record<string, { weight: number; apply: Tampering }>;
