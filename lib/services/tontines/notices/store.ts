import { and, asc, eq, inArray } from "drizzle-orm";
import type { Reader, Transaction } from "@/db/client";
import { notices, tontineMembers } from "@/db/schema";
import { preparedSql } from "@/db/transaction";
import { CALLED_BEFORE_DAYS, DISPUTE_ANSWERED_DAYS, DISPUTE_SETTLED_DAYS } from "../policy";

/** Somebody of a group: without an account, or gone, they are told nothing. */
export interface NamedMember {
  id: bigint;
  userId: bigint | null;
  name: string;
  roles: string[];
}

const TOLD_STATES = ["invited", "signed", "active", "late", "defaulted"];

/** Members of a group by id, all or these. `userId` is null for who isn't told anything: those who have gone, but for `stillTold`. */
export async function selectNamedMembers(
  reader: Reader,
  tontineId: bigint,
  ids: readonly bigint[] | null,
  stillTold: readonly bigint[] = [],
): Promise<NamedMember[]> {
  const { id, userId, name, roles, state } = tontineMembers;
  const rows = await reader
    .select({ id, userId, name, roles, state })
    .from(tontineMembers)
    .where(and(eq(tontineMembers.tontineId, tontineId), ids === null ? undefined : inArray(id, [...ids])))
    .orderBy(asc(id));
  return rows.map((member) => ({
    ...member,
    userId: TOLD_STATES.includes(member.state) || stillTold.includes(member.id) ? member.userId : null,
  }));
}

/** Writes nothing for a person who has a notice with its key. */
export async function insertNotices(tx: Transaction, rows: (typeof notices.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(notices).values(rows).onConflictDoNothing();
}

/** Writes one reminder for each vote that is still awaited a day before its deadline. One statement for all groups. Answers how many. */
export async function insertVoteReminders(tx: Transaction, now: Date): Promise<number> {
  const at = now.toISOString();
  const [row] = await preparedSql(tx)<{ written: number }[]>`
    with awaited as (
      select m.user_id, d.id, g.code, g.name, g.zone, d.closes_at
      from tontine_decisions d join tontines g on g.id = d.tontine_id
      join tontine_members m on m.id = any (d.voter_ids) and m.user_id is not null and m.state in ('active', 'late')
      where d.state = 'open' and d.closes_at > ${at}::timestamptz and d.closes_at <= ${at}::timestamptz + interval '1 day'
        and not exists (select from tontine_votes v where v.decision_id = d.id and v.member_id = m.id)),
    written as (
      insert into notices (user_id, kind, details, key)
      select a.user_id, 'tontine_vote_soon', jsonb_build_object('code', a.code, 'group', a.name, 'page', 'decisions/' || a.id,
          'dueAt', to_char(a.closes_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'zone', a.zone),
        'tontine_vote_soon:' || a.id
      from awaited a where not exists (select from notices n where n.user_id = a.user_id and n.key = 'tontine_vote_soon:' || a.id)
      on conflict do nothing returning 1)
    select count(*)::int as written from written`;
  return row?.written ?? 0;
}

/**
 * Tells all officers once of each dispute that nobody has answered, and once of each that nobody has settled, in the time for it. One statement for
 * all groups. Answers how many were told.
 */
export async function insertOverdueDisputes(tx: Transaction, now: Date): Promise<number> {
  const at = now.toISOString();
  const [row] = await preparedSql(tx)<{ written: number }[]>`
    with overdue as (
      select m.user_id, g.code, g.name, 'tontine_dispute_overdue:' || d.id || ':' || o.what as key
      from tontine_disputes d join tontines g on g.id = d.tontine_id
      cross join lateral (values ('answer', ${DISPUTE_ANSWERED_DAYS}::int, d.state = 'opened'),
        ('ruling', ${DISPUTE_SETTLED_DAYS}::int, d.state in ('opened', 'answered'))) as o(what, days, waits)
      join tontine_members m on m.tontine_id = g.id and m.user_id is not null and cardinality(m.roles) > 0
      where d.state in ('opened', 'answered') and o.waits and d.opened_at <= ${at}::timestamptz - make_interval(days => o.days)),
    written as (
      insert into notices (user_id, kind, details, key)
      select o.user_id, 'tontine_dispute_overdue', jsonb_build_object('code', o.code, 'group', o.name, 'page', 'disputes'), o.key
      from overdue o where not exists (select from notices n where n.user_id = o.user_id and n.key = o.key)
      on conflict do nothing returning 1)
    select count(*)::int as written from written`;
  return row?.written ?? 0;
}

/** What is kept for a member is told again so often. */
const KEPT_TOLD_DAYS = 7;

/**
 * Reminds members of what a group keeps for them, because their wallet couldn't take it: each week until it is theirs. Of what is kept for a
 * member without an account, its officers are reminded. Answers how many were.
 */
export async function insertKeptReminders(tx: Transaction, now: Date): Promise<number> {
  const at = now.toISOString();
  const [row] = await preparedSql(tx)<{ written: number }[]>`
    with kept as (
      select m.id, m.user_id, m.name, g.id as tontine_id, g.code, g.name as group_name, g.currency, a.balance
      from tontine_members m join tontines g on g.id = m.tontine_id
      join ledger_accounts a on a.address = ledger_address_tontine(g.id, g.currency, 'owed/' || m.id) and a.balance > 0),
    told as (
      select k.*, coalesce(k.user_id, o.user_id) as to_user, k.user_id is null as is_for_other from kept k
      left join tontine_members o on k.user_id is null and o.tontine_id = k.tontine_id and o.user_id is not null
        and cardinality(o.roles) > 0 and o.state in ('active', 'late', 'defaulted')),
    written as (
      insert into notices (user_id, kind, details, key, created_at)
      select t.to_user, case when t.is_for_other then 'tontine_kept_for' else 'tontine_kept' end,
        jsonb_build_object('code', t.code, 'group', t.group_name, 'amountMinor', t.balance::text, 'currency', t.currency)
          || case when t.is_for_other then jsonb_build_object('name', t.name) else '{}'::jsonb end,
        'tontine_kept:' || t.id || ':' || floor(extract(epoch from ${at}::timestamptz) / 86400 / ${KEPT_TOLD_DAYS}::int),
        ${at}::timestamptz
      from told t where t.to_user is not null
      on conflict do nothing returning 1)
    select count(*)::int as written from written`;
  return row?.written ?? 0;
}

/** At this hour of the group's day people are reminded. */
const REMINDED_AT = "08:00";

/**
 * Writes one reminder a member, turn and stage for what is open at `now`: of stages that were missed the last one only. One statement for
 * all groups. Answers how many were written.
 */
export async function insertReminders(tx: Transaction, now: Date): Promise<number> {
  const at = now.toISOString();
  const [row] = await preparedSql(tx)<{ written: number }[]>`
    with owed as (
      select t.id as turn_id, m.id as member_id, m.user_id, g.code, g.name, g.currency, g.zone, min(coalesce(d.postponed_to, d.due_at)) as due_at,
        sum(d.amount_minor - d.paid_minor - d.covered_minor - d.waived_minor) as open,
        (min(coalesce(d.postponed_to, d.due_at)) at time zone g.zone)::date as due_on
      from tontine_dues d join tontine_turns t on t.id = d.turn_id join tontines g on g.id = d.tontine_id
      join tontine_share_holders h on h.id = d.holder_id join tontine_members m on m.id = h.member_id
      where d.state in ('open', 'part', 'late') and t.state <> 'planned' and m.user_id is not null
        and g.state in ('running', 'closing')
        and coalesce(d.postponed_to, d.due_at) between ${at}::timestamptz - interval '4 days' and ${at}::timestamptz + interval '5 days'
      group by t.id, m.id, m.user_id, g.code, g.name, g.currency, g.zone),
    staged as (
      select o.*, case
        when ${at}::timestamptz >= (o.due_on + 1 + ${REMINDED_AT}::time) at time zone o.zone then 'tontine_due_late'
        when ${at}::timestamptz >= o.due_at then null
        when ${at}::timestamptz >= (o.due_on + ${REMINDED_AT}::time) at time zone o.zone then 'tontine_due_today'
        when ${at}::timestamptz >= (o.due_on - 1 + ${REMINDED_AT}::time) at time zone o.zone then 'tontine_due_soon'
        when ${at}::timestamptz >= (o.due_on - ${CALLED_BEFORE_DAYS}::int + ${REMINDED_AT}::time) at time zone o.zone
          then 'tontine_due_called' end as kind
      from owed o),
    written as (
      insert into notices (user_id, kind, details, key, created_at)
      select s.user_id, s.kind, jsonb_build_object('code', s.code, 'group', s.name, 'amountMinor', s.open::text,
          'currency', s.currency, 'dueAt', to_char(s.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'zone', s.zone),
        s.kind || ':' || s.turn_id || ':' || s.member_id, ${at}::timestamptz
      from staged s where s.kind is not null and not exists (
        select from notices n where n.user_id = s.user_id and n.key = s.kind || ':' || s.turn_id || ':' || s.member_id)
      on conflict do nothing returning 1)
    select count(*)::int as written from written`;
  return row?.written ?? 0;
}
