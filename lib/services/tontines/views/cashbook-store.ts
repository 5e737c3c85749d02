import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";
import type { DueRow } from "../turns/store";

/** A posting between an account of a group and another account, as its cash book has it. */
export interface CashbookRow {
  /** Counts the group's postings from 1, in the order in which they were recorded. */
  number: number;
  at: Date;
  /** Kinds of accounts: `available` for a member's wallet, else `tontine_pot`, `tontine_box` and so on. */
  from: string;
  to: string;
  amountMinor: bigint;
  /** What all accounts of the group held together after it. */
  balanceMinor: bigint;
  turn: number | null;
  /** Whose due it paid, or who got it. */
  member: string | null;
  /** The member who paid for somebody else. */
  payer: string | null;
  dueKind: DueRow["kind"] | null;
  /** Of a wallet's operation; null for what moved inside of the group. */
  reference: string | null;
}

interface CashbookColumns {
  number: string;
  at: string;
  from_kind: string;
  to_kind: string;
  amount: string;
  balance: string;
  turn: number | null;
  member: string | null;
  payer: string | null;
  due_kind: DueRow["kind"] | null;
  reference: string | null;
}

/**
 * Postings of the accounts with these addresses below `before`, newest first: a page of the whole book, whose balances it sums. `before`
 * null begins at the newest.
 */
export async function selectCashbook(
  reader: Reader,
  addresses: readonly string[],
  page: { before: number | null; limit: number },
): Promise<CashbookRow[]> {
  const rows = await preparedSql(reader)<CashbookColumns[]>`
    with own as materialized (select id from ledger_accounts where address = any (${[...addresses]}::text[])),
    ends as (
      select p.entry_id, p.position, p.amount, p.recorded_at, p.from_account, p.to_account, p.amount as change
      from own join ledger_postings p on p.to_account = own.id
      union all
      select p.entry_id, p.position, p.amount, p.recorded_at, p.from_account, p.to_account, -p.amount
      from own join ledger_postings p on p.from_account = own.id),
    moved as (
      select entry_id, position, amount, recorded_at, from_account, to_account, sum(change) as change
      from ends group by entry_id, position, amount, recorded_at, from_account, to_account),
    counted as (
      select m.*, row_number() over w as number, sum(m.change) over w as balance
      from moved m window w as (order by m.entry_id, m.position)),
    page as (
      select * from counted where ${page.before}::bigint is null or number < ${page.before}::bigint
      order by number desc limit ${page.limit})
    select c.number, c.recorded_at::text as at, ledger_address_kind(fa.address) as from_kind, ledger_address_kind(ta.address) as to_kind,
      c.amount, c.balance, t.number as turn, m.name as member, pm.name as payer, d.kind as due_kind, o.reference
    from page c join ledger_accounts fa on fa.id = c.from_account join ledger_accounts ta on ta.id = c.to_account
    join ledger_entries e on e.id = c.entry_id
    left join operations o on o.reference = e.source
    left join tontine_operations x on x.operation_id = o.id
    left join tontine_due_payments dp on dp.entry_id = c.entry_id
    left join tontine_dues d on d.id = dp.due_id
    left join tontine_share_holders h on h.id = d.holder_id
    left join tontine_turns t on t.id = coalesce(d.turn_id, x.turn_id)
    left join tontine_members m on m.id = coalesce(x.member_id, h.member_id)
    left join tontine_members pm on pm.id = dp.payer_member_id and dp.payer_member_id <> coalesce(x.member_id, h.member_id)
    order by c.number desc`;
  return rows.map((row) => ({
    number: Number(row.number),
    at: new Date(row.at),
    from: row.from_kind,
    to: row.to_kind,
    amountMinor: BigInt(row.amount),
    balanceMinor: BigInt(row.balance),
    turn: row.turn,
    member: row.member,
    payer: row.payer,
    dueKind: row.due_kind,
    reference: row.reference,
  }));
}
