import type { Random } from "../random";
import type { Sql, Tampering } from "./row-tampering";

// Running balances and versions, recomputed from the postings in their order.
const RUNNING_BALANCES = `with ends as (
    select m.entry_id, m.position, true as is_from, m.from_account as account, -m.amount as change, m.recorded_at as at
    from ledger_postings m join ledger_accounts a on a.id = m.from_account and a.minimum_balance is not null
    union all
    select m.entry_id, m.position, false, m.to_account, m.amount, m.recorded_at
    from ledger_postings m join ledger_accounts a on a.id = m.to_account and a.minimum_balance is not null),
  run as (
    select *, sum(change) over w as balance, row_number() over w as version
    from ends window w as (partition by account order by entry_id, position))`;

const RECOMPUTE_BALANCES = [
  "create temp table recomputed on commit drop as ".concat(RUNNING_BALANCES, " select * from run"),
  "create index on recomputed (entry_id, position)",
  `update ledger_postings m set from_balance = b.balance, from_version = -b.version from recomputed b
    where b.is_from and b.entry_id = m.entry_id and b.position = m.position
      and (m.from_balance, m.from_version) is distinct from (b.balance, b.version)`,
  `update ledger_postings m set to_balance = b.balance, to_version = -b.version from recomputed b
    where not b.is_from and b.entry_id = m.entry_id and b.position = m.position
      and (m.to_balance, m.to_version) is distinct from (b.balance, b.version)`,
  "update ledger_postings set from_version = -from_version where from_version < 0",
  "update ledger_postings set to_version = -to_version where to_version < 0",
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

/**
 * Recomputes balances and checkpoints, so that all sums are right. Versions are negative meanwhile, because of the unique
 * indexes.
 */
async function recomputeBalances(tx: Sql): Promise<void> {
  for (const statement of RECOMPUTE_BALANCES) await tx.unsafe(statement);
}

/** Recomputes the whole chain of seals from the current rows. */
async function resealChain(tx: Sql): Promise<void> {
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
}

/** A random entry of one of these steps. */
async function pickEntry(tx: Sql, random: Random, steps: string): Promise<{ id: string; source: string }> {
  const [row] = await tx.unsafe<{ id: string; source: string }[]>(
    `select id::text, source from ledger_entries where step in (${steps}) order by md5(id::text || '${random.hex(4)}') limit 1`,
  );
  return row ?? { id: "0", source: "" };
}

/** Changes the amount in the posting and in its operation. */
const otherAmount: Tampering = async (tx, random) => {
  const { id, source } = await pickEntry(tx, random, "'transfer', 'credit', 'vault_deposit'");
  const more = random.int(1, 2_000);
  await tx`update ledger_postings set amount = amount + ${more} where entry_id = ${id}`;
  await tx`update operations set amount_minor = amount_minor + ${more} where reference = ${source}`;
  return `entry ${id} moves ${more} more`;
};

/** Changes the recipient in the posting and in the operation. */
const otherRecipient: Tampering = async (tx, random) => {
  const { id, source } = await pickEntry(tx, random, "'transfer', 'credit'");
  const wallet = random.int(1, 10);
  const moved = await tx`update ledger_postings m set to_account = a.id
    from ledger_accounts a, ledger_accounts f where m.entry_id = ${id} and f.id = m.from_account
      and a.address = ${`wallet/${wallet}/`} || m.currency || '/available'
      and a.id not in (m.to_account, m.from_account) returning 1`;
  if (moved.length === 0) return null;
  await tx`update operations set counterparty_wallet_id = case when type = 'transfer' then ${wallet}::bigint end,
    wallet_id = case when type = 'transfer' then wallet_id else ${wallet}::bigint end where reference = ${source}`;
  await tx`update idempotency_keys set user_id = ${wallet} where reference = ${source}`;
  return `entry ${id} goes to wallet ${wallet}`;
};

/** Deletes a transfer: entry, posting, operation and event. */
const removeTransfer: Tampering = async (tx, random) => {
  const { id, source } = await pickEntry(tx, random, "'transfer'");
  await tx`delete from ledger_postings where entry_id = ${id}`;
  await tx`delete from ledger_entries where id = ${id}`;
  await tx`delete from operation_events v using operations o where o.id = v.operation_id and o.reference = ${source}`;
  await tx`delete from operations where reference = ${source}`;
  await tx`update idempotency_keys set answer = null where answer like ${`%${source}%`}`;
  return `transfer ${source} removed`;
};

/** Inserts a transfer and its reversal into a gap of the ids, which no arithmetic check can detect. */
const insertPair: Tampering = async (tx, random) => {
  const [gap] = await tx.unsafe<{ id: string }[]>(`select (e.id + 1)::text as id from ledger_entries e
    where not exists (select from ledger_entries n where n.id = e.id + 1) and e.id < (select max(id) from ledger_entries)
    order by md5(e.id::text || '${random.hex(4)}') limit 1`);
  if (!gap) return null;
  const like = await pickEntry(tx, random, "'transfer'");
  const [from, to] = random.shuffle(["from_account", "to_account"]);
  await tx.unsafe(`insert into ledger_entries (id, source, step, occurred_at, recorded_at) overriding system value
    select ${gap.id}, 'paystack:${random.hex(6)}', 'correction', occurred_at, recorded_at from ledger_entries where id = ${gap.id} - 1`);
  await tx.unsafe(`insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount,
      from_balance, from_version, to_balance, to_version, recorded_at)
    select ${gap.id}, p, case p when 1 then ${from} else ${to} end, case p when 1 then ${to} else ${from} end, m.currency, 1,
      0, -900000 - p, 0, -900000 - p, e.recorded_at
    from ledger_postings m, ledger_entries e, generate_series(1, 2) p where m.entry_id = ${like.id} and e.id = ${gap.id}`);
  return `entry ${gap.id} inserted`;
};

/** Changes when an entry was recorded or happened. */
const otherTime: Tampering = async (tx, random) => {
  const { id } = await pickEntry(tx, random, "'transfer', 'credit', 'reserve', 'settle', 'refund'");
  if (random.chance(0.5)) {
    await tx`update ledger_entries set occurred_at = occurred_at - interval '1 day' where id = ${id}`;
    return `entry ${id} happened a day earlier`;
  }
  await tx`update ledger_entries set recorded_at = recorded_at + interval '1 microsecond' where id = ${id}`;
  await tx`update ledger_postings set recorded_at = recorded_at + interval '1 microsecond' where entry_id = ${id}`;
  return `entry ${id} recorded later`;
};

/** Changes the phone of a payout or the owners of wallets, which no sum depends on. */
const otherPerson: Tampering = async (tx, random) => {
  if (random.chance(0.5)) {
    const phone = `+22671${random.int(100_000, 999_999)}`;
    const changed = await tx`update operations set phone = ${phone} where id = (select id from operations
      where type = 'withdrawal' order by md5(id::text || ${random.hex(4)}) limit 1) returning 1`;
    return changed.length === 1 ? "the phone of a withdrawal changed" : null;
  }
  const [one, other] = [random.int(1, 5), random.int(6, 10)];
  await tx`update wallets set user_id = -user_id where id in (${one}, ${other})`;
  await tx`update wallets w set user_id = -o.user_id from wallets o
    where (w.id, o.id) in ((${one}, ${other}), (${other}, ${one}))`;
  return `wallets ${one} and ${other} change owners`;
};

const KINDS = { otherAmount, otherRecipient, removeTransfer, insertPair, otherTime, otherPerson };

/** A change after which every sum, balance and version is consistent. */
export const changeConsistently: Tampering = async (tx, random) => {
  const kind = random.pick(Object.values(KINDS));
  const what = await kind(tx, random);
  if (what === null) return null;
  await recomputeBalances(tx);
  return `${what}, and all balances recomputed`;
};

/** The same with a recomputed chain of seals, which the database alone can't detect. */
export const changeAndReseal: Tampering = async (tx, random) => {
  const what = await changeConsistently(tx, random);
  if (what === null) return null;
  await resealChain(tx);
  return `${what}, and the chain resealed`;
};

/** Deletes the newest seals, as if nothing had been sealed yet. */
export const cutChain: Tampering = async (tx, random) => {
  const count = random.int(1, 5);
  await tx.unsafe(
    `delete from ledger_seals where number > (select max(number) from ledger_seals) - ${count}`,
  );
  return `the newest ${count} seals removed`;
};
