import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";

/** The promises that are checked for one group, each with how often it is broken. */
export const AUDITED = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T12", "T13", "T14"] as const;

export type AuditedPromise = (typeof AUDITED)[number];

/**
 * The audit's promises (lib/ledger/integrity/tontine-checks.ts) for one group, so that its members can look for themselves. `npm run audit`
 * checks all groups, and more of each.
 */
export async function countBreaches(
  reader: Reader,
  tontineId: bigint,
): Promise<ReadonlyMap<AuditedPromise, number>> {
  const id = tontineId.toString();
  const rows = await preparedSql(reader)<{ promise: AuditedPromise; breaches: number }[]>`
    with g as (select id, currency, state from tontines where id = ${id}::bigint),
    pots as (
      select t.id, t.state, coalesce(a.balance, 0) as held,
        coalesce((select sum(p.amount_minor) from tontine_due_payments p join tontine_dues d on d.id = p.due_id
          where d.turn_id = t.id and d.kind = 'contribution'), 0) as came,
        coalesce((select sum(p.amount_minor) from tontine_payouts p where p.turn_id = t.id and p.state = 'posted'), 0)
        + coalesce((select sum(o.amount_minor) from tontine_operations x join operations o on o.id = x.operation_id
          where x.turn_id = t.id and o.type = 'tontine_refund'), 0) as went
      from g join tontine_turns t on t.tontine_id = g.id
      left join ledger_accounts a on a.address = ledger_address_tontine(g.id, g.currency, 'pot/' || t.id)),
    dues as (
      select d.*, coalesce((select sum(p.amount_minor) from tontine_due_payments p
        where p.due_id = d.id and p.via in ('wallet', 'advance', 'payout')), 0) as paid_in,
        coalesce((select sum(p.amount_minor) from tontine_due_payments p
        where p.due_id = d.id and p.via in ('deposit', 'guarantor', 'solidarity')), 0) as covered_in
      from g join tontine_dues d on d.tontine_id = g.id),
    posted as (select p.* from g join tontine_payouts p on p.tontine_id = g.id where p.state = 'posted'),
    debts as (select d.* from g join tontine_debts d on d.tontine_id = g.id)
    select 'T1' as promise, count(*)::int as breaches from pots where held <> came - went
      or (state in ('closed', 'cancelled') and held <> 0)
    union all select 'T2', count(*)::int from dues where paid_minor <> paid_in or covered_minor <> covered_in
      or (state in ('open', 'part', 'late')) <> (paid_minor + covered_minor + waived_minor < amount_minor)
    union all select 'T3', count(*)::int from dues d join tontine_due_payments p on p.due_id = d.id
      left join ledger_postings m on m.entry_id = p.entry_id and m.position = 1
      where m.amount is distinct from p.amount_minor
    union all select 'T4', count(*)::int from (select p.turn_id, p.holder_id, p.instalment from posted p
      group by p.turn_id, p.holder_id, p.instalment having count(*) > 1) twice
    union all select 'T5', count(*)::int from posted p where not exists (
      select from tontine_share_holders h join tontine_turn_shares s on s.share_id = h.share_id
      where h.id = p.holder_id and s.turn_id = p.turn_id)
    union all select 'T6', count(*)::int from posted p where
      (p.approved_payout_id is null and 2 > (select count(distinct a.member_id) from tontine_approvals a
        where a.payout_id = p.id and a.shown_hash = p.shown_hash))
      or exists (select from tontine_approvals a where a.payout_id = p.id and a.member_id = p.member_id)
    union all select 'T7', count(*)::int from g join tontine_cycles c on c.tontine_id = g.id
      join tontine_rules r on r.id = c.rules_id join tontine_members m on m.tontine_id = g.id
      where c.started_at is not null and m.state in ('active', 'late', 'defaulted') and not exists (
        select from tontine_signatures s where s.rules_id = r.id and s.member_id = m.id and s.hash = r.hash)
    union all select 'T8', count(*)::int from g join tontine_members m on m.tontine_id = g.id
      where m.state = 'left' and exists (select from debts d where d.debtor_member_id = m.id and d.repaid_minor < d.amount_minor)
    union all select 'T9', count(*)::int from debts d where d.repaid_minor <> coalesce((
      select sum(r.amount_minor) from tontine_debt_repayments r where r.debt_id = d.id), 0)
    union all select 'T12', count(*)::int from dues d join tontine_due_payments p on p.due_id = d.id
      join tontine_mandates m on m.id = p.mandate_id
      where p.amount_minor > m.ceiling_minor or p.paid_at < m.given_at or p.paid_at > coalesce(m.ended_at, 'infinity')
    union all select 'T13', count(*)::int from (select d.turn_id, d.holder_id from dues d where d.kind = 'fine'
      group by d.turn_id, d.holder_id, d.share_id having count(*) > 1) twice
    union all select 'T14', count(*)::int from g join pots on g.state = 'closed' where pots.held <> 0`;
  return new Map(rows.map(({ promise, breaches }) => [promise, breaches]));
}
