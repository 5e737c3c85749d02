import type { Database, Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";
import type { AuditCheck } from "./audit-check";
import { SEAL_CHECKS } from "./seal-checks";
import { TONTINE_CHECKS, type TontinePromise, tontineChecksOf } from "./tontine-checks";

/** States of withdrawals whose money is held. */
const HELD = "(select s.state from operation_states s where s.type = 'withdrawal' and s.awaits = 'provider')";

/** States of deposits whose amount was credited, whatever came of it later. */
const CREDITED = "('succeeded', 'disputed', 'taken_back', 'kept')";

/** Types of operations that move money between our accounts only; the entry of one has its type as its step. */
const INTERNAL = "(select t.type from operation_types t where t.is_internal)";

/** Those of them between a wallet and an account of a tontine: TONTINE_CHECKS say which account. */
const TONTINE = "o.type like 'tontine\\_%'";

/** Every end of every posting: account, what it changed, balance and version after it, and when. */
const ENDS = `
  select from_account as account, -amount as change, from_balance as balance, from_version as version, recorded_at as at
  from ledger_postings
  union all
  select to_account, amount, to_balance, to_version, recorded_at from ledger_postings`;

export const AUDIT_CHECKS: readonly AuditCheck[] = [
  {
    invariant: 1,
    promise: "all accounts sum to zero in each currency",
    query: `select count(*) from (
      select currency from ledger_accounts group by currency
      having sum(case when minimum_balance is null then ledger_balance(id) else balance end) <> 0) x`,
  },
  {
    invariant: 1,
    promise: "each account has a currency of ours",
    query: `select count(*) from ledger_accounts a
      where not exists (select from currencies c where c.code = a.currency)`,
  },
  {
    invariant: 2,
    promise: "no account is below its minimum balance",
    query: "select count(*) from ledger_accounts where balance < minimum_balance",
  },
  {
    invariant: 2,
    promise: "each account of the chart has the minimum balance that its kind has",
    // The minimum balance follows from the kind of account: people's accounts have zero, our own have none.
    query: `select count(*) from ledger_accounts where minimum_balance is distinct from
      (case when ledger_address_kind(address) in ('available', 'held', 'vault') or ledger_address_kind(address) like 'tontine\\_%' then 0 end)
      and ledger_address_kind(address) is not null`,
  },
  {
    invariant: 2,
    promise: "no account was ever below its minimum balance",
    query: `select count(*) from ledger_postings m
      join ledger_accounts a on a.id = m.from_account and a.minimum_balance is not null where m.from_balance < a.minimum_balance`,
  },
  {
    invariant: 3,
    promise: "balance and version of each account equal its postings",
    query: `select count(*) from ledger_accounts a
      left join (select account, sum(change) as balance, count(*) as postings, max(version) as version, max(at) as at
        from (${ENDS}) e where version is not null group by account) e on e.account = a.id
      where (a.minimum_balance is not null and (a.balance <> coalesce(e.balance, 0)
        or a.version <> coalesce(e.postings, 0) or a.version <> coalesce(e.version, 0)))
        or a.posted_at <> coalesce(e.at, 'epoch')`,
  },
  {
    invariant: 3,
    promise: "each running balance follows from the one before it",
    query: `select count(*) from (
      select balance - change - coalesce(lag(balance) over w, 0) as gap,
        version - coalesce(lag(version) over w, 0) as step
      from (${ENDS}) e where version is not null window w as (partition by account order by version)) x
      where gap <> 0 or step <> 1`,
    // Left alone, the planner walks the two version indexes and fetches every row at random. Reading the table in its
    // order and sorting in parallel took a third of the time when all was cached, a tenth when it wasn't.
    settings:
      "set local enable_indexscan = off; set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0",
  },
  {
    invariant: 3,
    promise: "each end of a posting is kept as its account wants, in its account's currency",
    query: `select count(*) from ledger_postings m
      left join ledger_accounts f on f.id = m.from_account
      left join ledger_accounts t on t.id = m.to_account
      left join ledger_entries e on e.id = m.entry_id
      where e.id is null or f.id is null or t.id is null or f.currency <> m.currency or t.currency <> m.currency
        or (f.minimum_balance is null) <> (m.from_version is null) or (t.minimum_balance is null) <> (m.to_version is null)
        or (m.from_version is null) <> (m.from_balance is null) or (m.to_version is null) <> (m.to_balance is null)`,
  },
  {
    invariant: 3,
    promise: "each checkpoint equals the postings that it covers",
    query: `select count(*) from ledger_checkpoints c where c.balance <>
      coalesce((select sum(amount) from ledger_postings m where m.to_account = c.account_id
        and m.to_version is null and m.entry_id <= c.entry_id), 0)
      - coalesce((select sum(amount) from ledger_postings m where m.from_account = c.account_id
        and m.from_version is null and m.entry_id <= c.entry_id), 0)
      and c.entry_id = (select max(k.entry_id) from ledger_checkpoints k where k.account_id = c.account_id)`,
  },
  {
    invariant: 4,
    promise: "a (source, step) is in the ledger once, by a unique index in force",
    query: `select 1 - count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relname = 'ledger_entries_source_step_key' and i.indisunique and i.indisvalid`,
  },
  {
    invariant: 4,
    promise: "no entry is empty",
    query: `select count(*) from ledger_entries e
      where not exists (select from ledger_postings m where m.entry_id = e.id)`,
  },
  {
    invariant: 5,
    promise: "the triggers and grants that forbid changes are in force",
    query: `select (select 4 - count(*) from pg_trigger where tgenabled = 'O' and tgname in
        ('ledger_entries_append_only', 'ledger_entries_no_truncate',
         'ledger_postings_append_only', 'ledger_postings_no_truncate'))
      + (select count(*) from unnest(array['ledger_entries', 'ledger_postings', 'ledger_accounts']) as t(name),
          unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as p(privilege)
        where has_table_privilege('cauris_app', t.name, p.privilege))`,
  },
  {
    invariant: 6,
    promise: "each credited deposit has one credit, of its amount, to its wallet",
    query: `select count(*) from operations o
      left join ledger_entries e on e.source = o.reference and e.step = 'credit'
      left join ledger_postings m on m.entry_id = e.id
      left join ledger_accounts t on t.id = m.to_account
      where o.type = 'deposit' and ((o.state in ${CREDITED}) <> (e.id is not null)
        or (e.id is not null and (m.amount <> o.amount_minor or m.currency <> o.currency or m.position <> 1
          or t.address <> ledger_address_available(o.wallet_id, o.currency))))`,
  },
  {
    invariant: 6,
    promise: "each credit belongs to a deposit",
    query: `select count(*) from ledger_entries e where e.step = 'credit' and not exists
      (select from operations o where o.reference = e.source and o.type = 'deposit' and o.state in ${CREDITED})`,
  },
  {
    invariant: 7,
    promise: "each withdrawal is reserved, and settled xor refunded as its state says",
    query: `select count(*) from (
      select o.state, o.reason,
        exists (select from ledger_entries e where e.source = o.reference and e.step = 'reserve') as reserved,
        exists (select from ledger_entries e where e.source = o.reference and e.step = 'settle') as settled,
        exists (select from ledger_entries e where e.source = o.reference and e.step = 'refund') as refunded,
        -- Frozen: reported as paid after its refund; free: found not to have been paid.
        exists (select from ledger_entries e where e.source = o.reference and e.step = 'freeze') as frozen,
        exists (select from ledger_entries e where e.source = o.reference and e.step = 'unfreeze') as free
      from operations o where o.type = 'withdrawal') x
      where not reserved
        or (state in ${HELD} and (settled or refunded))
        or (state = 'paid' and (not settled or refunded <> frozen or free))
        or (state = 'refunded' and (not refunded or (settled and reason <> 'reversed') or frozen <> free))
        or (state = 'conflict' and (settled or not refunded))`,
  },
  {
    invariant: 7,
    promise: "what a wallet holds is what it has in flight",
    query: `select count(*) from ledger_accounts a
      left join (select wallet_id, currency, sum(amount_minor + fee_minor) as held from operations
        where type = 'withdrawal' and (state in ${HELD} or (state = 'conflict' and reason = 'paid_after_refund'))
        group by wallet_id, currency) o
        on a.address = ledger_address_held(o.wallet_id, o.currency)
      where ledger_address_kind(a.address) = 'held' and a.balance <> coalesce(o.held, 0)`,
  },
  {
    invariant: 8,
    promise: "each clearing account equals deposits, suspense and payouts of its provider",
    query: `select count(*) from ledger_accounts a
      left join (select provider, currency, sum(case type when 'deposit' then -amount_minor else amount_minor end) as net
        from operations where state in ${CREDITED} or state = 'paid' group by provider, currency) o
        on a.address = ledger_address_clearing(o.provider, o.currency)
      left join (select m.from_account, sum(m.amount) as amount from ledger_postings m
        join ledger_entries e on e.id = m.entry_id and e.step = 'suspense' group by m.from_account) s
        on s.from_account = a.id
      -- What an operator gave out of suspense is a deposit that didn't pass clearing a second time.
      left join (select o.provider, m.currency, sum(m.amount) as amount from ledger_accounts u
        join ledger_postings m on m.from_account = u.id and m.from_version is null
        join ledger_entries e on e.id = m.entry_id and e.step = 'credit' join operations o on o.reference = e.source
        where ledger_address_kind(u.address) = 'suspense' group by o.provider, m.currency) g
        on a.address = ledger_address_clearing(g.provider, g.currency)
      -- What the provider gave back to payers of credited deposits.
      left join (select o.provider, o.currency, sum(d.amount_minor) as amount from disputes d
        join operations o on o.id = d.operation_id where d.state = 'taken_back' group by o.provider, o.currency) b
        on a.address = ledger_address_clearing(b.provider, b.currency)
      where ledger_address_kind(a.address) = 'clearing'
        and ledger_balance(a.id) <> coalesce(o.net, 0) - coalesce(s.amount, 0) + coalesce(g.amount, 0)
          + coalesce(b.amount, 0)`,
  },
  {
    invariant: 9,
    promise: "each idempotency key has its owner's operation, or an answer of its own",
    query: `select count(*) from idempotency_keys k where k.reference is not null
      and not exists (select from operations o join wallets w on w.id = o.wallet_id
        where o.reference = k.reference and w.user_id = k.user_id)`,
  },
  {
    invariant: 9,
    promise: "each transfer that a list's answer calls sent is there, its owner's",
    query: `select count(*) from idempotency_keys k
      cross join lateral jsonb_to_recordset(case when k.answer like '[%' then k.answer::jsonb else '[]' end)
        as a(verdict text, reference text)
      where k.answer is not null and a.verdict = 'posted' and not exists (select from operations o join wallets w on w.id = o.wallet_id
        where o.reference = a.reference and o.type = 'transfer' and w.user_id = k.user_id)`,
  },
  {
    invariant: 10,
    promise: "the posting function locks in account id order",
    query: `select 1 - count(*) from pg_proc where proname = 'ledger_post'
      and prosrc like '%order by id for no key update%'`,
  },
  {
    invariant: 11,
    promise: "each transfer, vault and tontine operation moved its amount, once, as it says",
    query: `select count(*) from operations o
      left join ledger_entries e on e.source = o.reference and e.step = o.type
      left join ledger_postings m on m.entry_id = e.id
      left join ledger_accounts f on f.id = m.from_account
      left join ledger_accounts t on t.id = m.to_account
      cross join lateral (select ledger_address_available(o.wallet_id, o.currency) as own,
        ledger_address_available(o.counterparty_wallet_id, o.currency) as other,
        ledger_address_vault(o.wallet_id, o.currency, o.vault_id) as vault) a
      where o.type in ${INTERNAL} and (m.entry_id is null or m.position <> 1
        or m.amount <> o.amount_minor or m.currency <> o.currency
        or case when ${TONTINE} then own not in (f.address, t.address)
        else (f.address, t.address) is distinct from (case o.type
          when 'transfer' then (own, other)
          when 'vault_deposit' then (own, vault)
          else (vault, own) end) end)`,
  },
  {
    invariant: 11,
    promise: "each entry of a transfer, a vault or a tontine operation is its operation's, and the only one",
    query: `select count(*) from ledger_entries e left join operations o on o.reference = e.source
      where (e.step in ${INTERNAL} or o.type in ${INTERNAL}) and o.type is distinct from e.step`,
  },
  {
    invariant: 12,
    promise: "each operation has its wallets, each event its operation",
    query: `select (select count(*) from operations o left join wallets w on w.id = o.wallet_id
        left join wallets c on c.id = o.counterparty_wallet_id
        where w.id is null or (c.id is null and o.counterparty_wallet_id is not null))
      + (select count(*) from operation_events v left join operations o on o.id = v.operation_id where o.id is null)`,
  },
  {
    invariant: 12,
    promise: "each operation is in a state of its type",
    query: `select count(*) from (select type, state from operations group by type, state) o
      where not exists (select from operation_states s where s.type = o.type and s.state = o.state)`,
  },
  {
    invariant: 12,
    promise: "the triggers that see to it are in force",
    query: `select 11 - count(*) from pg_trigger where tgenabled = 'O' and tgname in ('operations_start', 'operations_keep', 'disputes_keep',
      'operation_events_start', 'operations_stay', 'operations_no_truncate', 'wallets_stay', 'wallets_keep_id',
      'wallets_no_truncate', 'disputes_stay', 'disputes_no_truncate')`,
  },
  {
    invariant: 12,
    promise: "each operation's state is what its newest event says",
    isFullOnly: true,
    query: `select count(*) from operations o where o.state is distinct from
      (select v.to_state from operation_events v where v.operation_id = o.id order by v.id desc limit 1)`,
  },
  {
    invariant: 12,
    promise: "each event follows an edge of its operation's type, from the initial state on",
    isFullOnly: true,
    query: `select count(*) from operation_events v join operations o on o.id = v.operation_id
      where not exists (select from operation_edges e
          where e.type = o.type and e.from_state = v.from_state and e.to_state = v.to_state)
        and not exists (select from operation_states s
          where v.from_state is null and s.type = o.type and s.state = v.to_state and s.is_initial)
        and v.from_state is distinct from v.to_state`,
  },
  {
    invariant: 14,
    promise:
      "each dispute is its deposit's, what was taken back of a deposit at most its amount, and its state says how they ended",
    query: `select count(*) from (
        select d.operation_id, sum(d.amount_minor) filter (where d.state = 'taken_back') as claimed,
          bool_or(d.state = 'open') as has_open, bool_or(d.state = 'taken_back') as has_taken
        from disputes d group by d.operation_id) d
      full join (select * from operations where type = 'deposit' and state in ('disputed', 'taken_back', 'kept')) o
        on o.id = d.operation_id
      where o.id is null or d.operation_id is null or coalesce(d.claimed, 0) > o.amount_minor
        or o.state <> case when d.has_open then 'disputed' when d.has_taken then 'taken_back' else 'kept' end`,
  },
  {
    invariant: 14,
    promise:
      "what was taken back left its wallet's available and owed accounts for its provider's clearing account, once a dispute",
    query: `select count(*) from (select * from disputes where state = 'taken_back') d
      join operations o on o.id = d.operation_id
      full join (select e.id, e.source, e.step,
          sum(m.amount) as amount, array_agg(f.address order by m.position) as sources, array_agg(distinct t.address) as targets
        from ledger_entries e join ledger_postings m on m.entry_id = e.id
        join ledger_accounts f on f.id = m.from_account join ledger_accounts t on t.id = m.to_account
        where e.step like 'take\\_back:%' group by e.id) e
        on e.source = o.reference and e.step = 'take_back:' || d.id
      where e.id is null or d.id is null or e.amount <> d.amount_minor
        or e.targets <> array[ledger_address_clearing(o.provider, o.currency)]
        or not e.sources <@ array[ledger_address_available(o.wallet_id, o.currency), ledger_address_owed(o.wallet_id, o.currency)]`,
  },
  {
    invariant: 14,
    promise:
      "what a wallet owes grows by what was taken back and shrinks by its own repayments, and is never overpaid",
    query: `select (select count(*) from ledger_accounts a
        where ledger_address_kind(a.address) = 'owed' and ledger_balance(a.id) > 0)
      + (select count(*) from ledger_accounts a join ledger_postings m on a.id in (m.from_account, m.to_account)
        join ledger_entries e on e.id = m.entry_id
        left join ledger_accounts f on f.id = m.from_account
        where ledger_address_kind(a.address) = 'owed' and case when m.from_account = a.id then e.step not like 'take\\_back:%'
          else e.step <> 'repay' or f.address <> replace(a.address, '/owed', '/available') end)`,
  },
  ...TONTINE_CHECKS,
  ...SEAL_CHECKS,
];

/** The number of breaches that a check finds; a full one leaves nothing out. */
export async function countBreaches(db: Database, check: AuditCheck, isFull: boolean): Promise<bigint> {
  const query = isFull ? (check.fullQuery ?? check.query) : check.query;
  const [row] = await db.$client.begin("read only", async (sql) => {
    await sql.unsafe("set local statement_timeout = 0; set local work_mem = '256MB'");
    if (check.settings !== undefined) await sql.unsafe(check.settings);
    return await sql.unsafe<{ count: string }[]>(`select (${query})::bigint as count`);
  });
  return BigInt(row?.count ?? -1);
}

/** How often each promise of tontines is broken in one of them, by the audit's own checks, in one statement. */
export async function countTontineBreaches(
  reader: Reader,
  tontineId: bigint,
): Promise<ReadonlyMap<TontinePromise, bigint>> {
  const checks = tontineChecksOf(tontineId);
  const counts = checks.map(({ query }, index) => `select ${index} as place, (${query})::bigint as count`);
  const rows = await preparedSql(reader).unsafe<{ place: number; count: string }[]>(
    counts.join("\nunion all "),
  );
  const breaches = new Map<TontinePromise, bigint>();
  for (const { place, count } of rows) {
    const name = checks[place]?.name;
    if (name !== undefined) breaches.set(name, (breaches.get(name) ?? 0n) + BigInt(count));
  }
  return breaches;
}
