import type { Reader } from "@/db/client";
import { preparedSql } from "@/db/transaction";
import { ceilingOf } from "../../wallets/wallet-room";
import { CALLED_BEFORE_DAYS, CONFIRMED_AFTER_HOURS, RETURNED_AFTER_DAYS, STANDING_DAYS } from "../policy";

/** What time may ask for in a group. */
export const TONTINE_STEPS = [
  "decide",
  "call",
  "standing",
  "late",
  "fines",
  "collect",
  "rest",
  "returns",
  "owed",
  "lapse",
  "close",
  "finish",
] as const;
export type TontineStep = (typeof TONTINE_STEPS)[number];

export interface DueWork {
  tontineId: bigint;
  steps: TontineStep[];
}

/** Groups for which one of these steps may find something to do now, at most `limit`. */
export async function selectDueWork(reader: Reader, now: Date, limit: number): Promise<DueWork[]> {
  const at = now.toISOString();
  const ceiling = ceilingOf("XOF")?.toString() ?? null;
  const rows = await preparedSql(reader)<{ id: string; steps: TontineStep[] }[]>`
    with work as (
      select d.tontine_id as id, 'decide' as step from tontine_decisions d
      where (d.state = 'open' and d.closes_at <= ${at}::timestamptz)
        or (d.state = 'adopted' and d.takes_effect_at <= ${at}::timestamptz)
      union all
      select t.tontine_id, 'call' from tontine_turns t
      where t.state = 'planned' and t.due_at < ${at}::timestamptz + make_interval(days => ${CALLED_BEFORE_DAYS + 1})
        and not exists (select from tontine_turns e where e.cycle_id = t.cycle_id and e.due_at < t.due_at
          and e.state in ('planned', 'called', 'complete'))
      union all
      select d.tontine_id, 'late' from tontine_dues d
      where d.state in ('open', 'part') and d.kind <> 'fine' and coalesce(d.postponed_to, d.due_at) <= ${at}::timestamptz
      union all
      select d.tontine_id, 'standing' from tontine_dues d
      join tontine_share_holders h on h.id = d.holder_id
      join tontine_mandates m on m.member_id = h.member_id and m.state = 'active'
      join tontine_members p on p.id = h.member_id join wallets w on w.user_id = p.user_id
      join tontines g on g.id = d.tontine_id
      join ledger_accounts a on a.address = ledger_address_available(w.id, g.currency)
      where d.state in ('open', 'part', 'late') and d.kind not in ('entry', 'deposit') and w.frozen_at is null
        and coalesce(d.postponed_to, d.due_at) between ${at}::timestamptz - make_interval(days => ${STANDING_DAYS + 1}) and ${at}::timestamptz + interval '1 day'
        and a.balance >= d.amount_minor - d.paid_minor - d.covered_minor - d.waived_minor
      union all
      select f.tontine_id, 'fines' from tontine_dues f
      join tontine_dues d on d.turn_id = f.turn_id and d.share_id = f.share_id and d.holder_id = f.holder_id and d.kind = 'contribution'
      where f.kind = 'fine' and f.state in ('open', 'part', 'paid')
        and exists (select from tontine_members m join wallets w on w.user_id = m.user_id
          join deposit_payments x on x.wallet_id = w.id and x.credited_at > coalesce(d.postponed_to, d.due_at) and x.paid_at <= coalesce(d.postponed_to, d.due_at)
            and x.credited_at > ${at}::timestamptz - interval '7 days'
          where m.tontine_id = f.tontine_id)
      union all
      -- Contributions that couldn't be taken in their time count as failures, which suspend a consent.
      select m.tontine_id, 'standing' from tontine_mandates m join tontines g on g.id = m.tontine_id and g.state = 'running'
      join tontine_share_holders h on h.member_id = m.member_id
      join tontine_dues d on d.holder_id = h.id and d.kind = 'contribution' and d.state in ('open', 'part', 'late')
      join tontine_turns t on t.id = d.turn_id
      where m.state = 'active' and (t.due_on + ${STANDING_DAYS + 1}::int)::timestamp at time zone g.zone <= ${at}::timestamptz
        and m.given_at <= (t.due_on + ${STANDING_DAYS + 1}::int)::timestamp at time zone g.zone
      group by m.id having count(*) <> m.failures
      union all
      select t.tontine_id, 'collect' from tontine_turns t where t.state = 'called' and t.closes_at <= ${at}::timestamptz
      union all
      select t.tontine_id, 'rest' from tontine_turns t join tontines g on g.id = t.tontine_id
      join ledger_accounts a on a.address = ledger_address_tontine(g.id, g.currency, 'pot/' || t.id)
      where t.state = 'part_paid' and a.balance > 0
      union all
      select m.tontine_id, 'owed' from (
        select x.member_id from tontine_payouts x where x.state = 'posted' and x.kept_minor > 0
        union select d.creditor_member_id from tontine_debts d where d.repaid_minor > 0
        union select split_part(e.step, ':', 2)::bigint from tontines c join ledger_entries e on e.source = 'tontine/' || c.id || '/closing'
          where c.state = 'closed') k
      join tontine_members m on m.id = k.member_id join tontines g on g.id = m.tontine_id
      join wallets w on w.user_id = m.user_id and w.frozen_at is null
      join ledger_accounts o on o.address = ledger_address_tontine(g.id, g.currency, 'owed/' || m.id) and o.balance > 0
      join ledger_accounts a on a.address = ledger_address_available(w.id, g.currency)
      where (g.currency <> 'XOF' or a.balance < coalesce(${ceiling}::bigint, a.balance + 1))
      union all
      select s.tontine_id, 'lapse' from tontine_swaps s
      where s.state in ('offered', 'accepted') and s.expires_at <= ${at}::timestamptz
      union all
      select h.tontine_id, 'lapse' from tontine_handovers h
      where h.state in ('offered', 'accepted') and h.expires_at <= ${at}::timestamptz
      union all
      select t.tontine_id, 'returns' from tontine_turns t join tontines g on g.id = t.tontine_id
      join ledger_accounts a on a.address = ledger_address_tontine(g.id, g.currency, 'pot/' || t.id) and a.balance > 0
      where t.state in ('complete', 'short') and t.closes_at <= ${at}::timestamptz - make_interval(days => ${RETURNED_AFTER_DAYS})
      union all
      select t.tontine_id, 'close' from tontine_turns t
      where t.state = 'paid' and t.paid_at <= ${at}::timestamptz - make_interval(hours => ${CONFIRMED_AFTER_HOURS})
      union all
      select g.id, 'finish' from tontines g where g.state = 'running' and not exists (
        select from tontine_turns t where t.tontine_id = g.id and (t.state in ('planned', 'called', 'complete', 'approved')
          or t.closes_at > ${at}::timestamptz - make_interval(hours => ${CONFIRMED_AFTER_HOURS})))
    )
    select w.id, array_agg(distinct w.step) as steps from work w join tontines g on g.id = w.id
      and (g.state = 'running' or (w.step = 'decide' and g.state in ('paused', 'closing'))
        or (w.step = 'owed' and g.state in ('closing', 'closed')))
    group by w.id order by w.id limit ${limit}`;
  return rows.map(({ id, steps }) => ({ tontineId: BigInt(id), steps }));
}
