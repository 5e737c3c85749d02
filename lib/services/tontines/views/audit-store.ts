import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";

/** Counts of a group: `ended` turns and the number of the `last` of them; `lent` is what others paid for members, in SUMS. */
const COUNTS = [
  ...(["ended", "last", "dues", "payments", "shares", "taken", "payouts", "approvals"] as const),
  ...(["members", "signed", "left", "automatic", "fines"] as const),
] as const;

/** Amounts of a group in minor units: `held` in the pots, of `came` less `went`; `kept` for members whose wallet can't take it. */
const SUMS = [
  ...([
    "held",
    "came",
    "went",
    "paid",
    "covered",
    "waived",
    "open",
    "moved",
    "handed",
    "lent",
    "repaid",
  ] as const),
  ...(["taken_by_mandate", "fined", "kept"] as const),
] as const;

/** What the promises of a group are about, in its own numbers. */
export type AuditFigures = Record<(typeof COUNTS)[number], number> & Record<(typeof SUMS)[number], bigint>;

interface AuditedGroup {
  tontineId: bigint;
  cycleId: bigint;
  /** That are in force. */
  rulesId: bigint;
  /** Of its accounts. */
  addresses: readonly string[];
}

export async function selectAuditFigures(reader: Reader, group: AuditedGroup): Promise<AuditFigures> {
  const [id, cycle, rules] = [group.tontineId.toString(), group.cycleId.toString(), group.rulesId.toString()];
  const [row] = await preparedSql(reader)<Record<string, string | number>[]>`
    with accounts as (select a.balance, ledger_address_kind(a.address) as kind from ledger_accounts a
      where a.address = any (${[...group.addresses]}::text[])),
    payments as (select p.*, d.kind from tontine_dues d join tontine_due_payments p on p.due_id = d.id
      where d.tontine_id = ${id}::bigint),
    posted as (select p.*, h.share_id from tontine_payouts p join tontine_share_holders h on h.id = p.holder_id
      where p.tontine_id = ${id}::bigint and p.state = 'posted'),
    refunds as (select o.amount_minor from tontine_operations x join operations o on o.id = x.operation_id
      where x.tontine_id = ${id}::bigint and x.turn_id is not null and o.type = 'tontine_refund'),
    turns as (select count(*) as ended, coalesce(max(number), 0) as last from tontine_turns
      where cycle_id = ${cycle}::bigint and state in ('closed', 'cancelled')),
    dues as (select count(*) as dues, sum(paid_minor) as paid, sum(covered_minor) as covered, sum(waived_minor) as waived,
        sum(amount_minor - paid_minor - covered_minor - waived_minor) as open,
        count(*) filter (where kind = 'fine') as fines, sum(amount_minor) filter (where kind = 'fine') as fined
      from tontine_dues where tontine_id = ${id}::bigint),
    debts as (select sum(amount_minor) as lent, sum(repaid_minor) as repaid from tontine_debts where tontine_id = ${id}::bigint),
    paid as (select count(*) as payments, sum(amount_minor) as moved, sum(amount_minor) filter (where kind = 'contribution') as came,
        count(*) filter (where mandate_id is not null) as automatic,
        sum(amount_minor) filter (where mandate_id is not null) as taken_by_mandate from payments),
    out as (select count(*) as payouts, count(distinct share_id) as taken, coalesce(sum(amount_minor), 0) as handed from posted),
    holders as (select distinct h.member_id from tontine_shares s join tontine_share_holders h on h.share_id = s.id
      where s.cycle_id = ${cycle}::bigint and h.ended_at is null)
    select turns.*, dues.*, debts.*, paid.*, out.*,
      out.handed + (select coalesce(sum(amount_minor), 0) from refunds) as went,
      (select sum(balance) from accounts where kind = 'tontine_pot') as held,
      (select sum(balance) from accounts where kind = 'tontine_owed') as kept,
      (select count(*) from tontine_shares where cycle_id = ${cycle}::bigint) as shares,
      (select count(*) from tontine_approvals a join posted p on p.id = a.payout_id) as approvals,
      (select count(*) from holders) as members,
      (select count(*) from holders h join tontine_signatures s on s.member_id = h.member_id
        and s.rules_id = ${rules}::bigint) as signed,
      (select count(*) from tontine_members where tontine_id = ${id}::bigint and state = 'left') as "left"
    from turns, dues, debts, paid, out`;
  return Object.fromEntries([
    ...COUNTS.map((name) => [name, Number(row?.[name] ?? 0)]),
    ...SUMS.map((name) => [name, BigInt(row?.[name] ?? 0)]),
  ]) as AuditFigures;
}

/** The newest ledger entry of these accounts; null while no money has moved. */
export async function selectLastEntry(reader: Reader, addresses: readonly string[]): Promise<bigint | null> {
  const [row] = await preparedSql(reader)<{ last: string | null }[]>`
    select max(greatest(
      (select p.entry_id from ledger_postings p where p.to_account = a.id and p.to_version is not null
        order by p.to_version desc limit 1),
      (select p.entry_id from ledger_postings p where p.from_account = a.id and p.from_version is not null
        order by p.from_version desc limit 1))) as last
    from ledger_accounts a where a.address = any (${[...addresses]}::text[])`;
  return row?.last == null ? null : BigInt(row.last);
}
