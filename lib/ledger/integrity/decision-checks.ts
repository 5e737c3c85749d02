/** What a tontine decides by vote, checked among the tontines whose ids fulfil a condition. */
export const DECISION_CHECKS: readonly {
  promise: string;
  query: (scope: { ids: (column: string) => string }) => string;
}[] = [
  {
    promise: "each decision is what its votes say, about what was shown",
    query: ({
      ids,
    }) => `select count(*) from tontine_decisions d join tontine_decision_kinds k on k.kind = d.kind
      cross join lateral (select count(*) filter (where v.choice = 'yes') as yes, count(*) filter (where v.choice = 'no') as no,
        cardinality(d.voter_ids) as voters, tontine_votes_needed(k.majority, cardinality(d.voter_ids)) as needed
        from tontine_votes v where v.decision_id = d.id) n
      where ${ids("d.tontine_id")} and (d.shown_hash <> sha256(convert_to(d.shown, 'UTF8'))
        or (d.state in ('adopted', 'applied') and n.yes < n.needed)
        or (d.state = 'rejected' and n.no <= n.voters - n.needed and d.decided_at < d.closes_at)
        or (d.state = 'lapsed' and d.decided_at < d.closes_at)
        or (d.state = 'open' and (n.yes >= n.needed or n.no > n.voters - n.needed))
        or (d.state = 'applied' and (d.takes_effect_at is null or d.applied_at < d.takes_effect_at)))`,
  },
  {
    promise:
      "each vote is by a member who was asked, once, on what was shown; nobody votes on what concerns them",
    query: ({
      ids,
    }) => `select (select count(*) from tontine_votes v join tontine_decisions d on d.id = v.decision_id
        where ${ids("d.tontine_id")} and (not v.member_id = any (d.voter_ids) or v.shown_hash <> d.shown_hash or v.voted_at >= d.closes_at))
      + (select count(*) from tontine_decisions d where ${ids("d.tontine_id")}
        and (d.subject_member_id = any (d.voter_ids) or d.candidate_member_id = any (d.voter_ids)))
      + (select 1 - count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relname = 'tontine_votes_key' and i.indisunique and i.indisvalid)`,
  },
  {
    promise:
      "each decision that was applied had its effect, once, and nothing that members decide changed without one",
    query: ({
      ids,
    }) => `select (select count(*) from tontine_decisions d where ${ids("d.tontine_id")} and (d.state = 'applied')::int <> (
        select count(*) from tontine_events e where e.tontine_id = d.tontine_id and e.kind = 'decision.applied'
          and e.details ->> 'decision' = d.id::text))
      + (select count(*) from tontine_decisions d join tontine_dues u on u.id = d.due_id where ${ids("d.tontine_id")}
        and d.kind = 'waiver' and d.state = 'applied' and u.waived_minor < (d.parameters ->> 'amountMinor')::bigint)
      + (select count(*) from tontine_dues u join tontine_share_holders h on h.id = u.holder_id
        where ${ids("u.tontine_id")} and u.waived_minor > 0
        and not exists (select from tontine_decisions d where d.due_id = u.id and d.kind = 'waiver' and d.state = 'applied')
        and not exists (select from tontine_debts b where b.due_id = u.id)
        -- By the rules: a fine of what was paid in time, and a turn that was put off or given back.
        and not exists (select from tontine_events e where e.tontine_id = u.tontine_id and e.due_id = u.id and e.kind = 'fine.cancelled')
        and not exists (select from tontine_turns t where t.id = u.turn_id and t.state in ('deferred', 'cancelled'))
        and not exists (select from tontine_receivers(u.turn_id) r where r.member_id = h.member_id))
      + (select count(*) from tontine_members m where ${ids("m.tontine_id")} and m.state = 'excluded' and not exists (
        select from tontine_decisions d where d.subject_member_id = m.id and d.kind = 'exclusion' and d.state = 'applied'))
      + (select count(*) from tontine_decisions d join tontine_members m on m.id = d.subject_member_id
        where ${ids("d.tontine_id")} and d.kind = 'exclusion' and d.state = 'applied' and m.state not in ('excluded', 'settled'))
      + (select count(*) from tontine_dues u where ${ids("u.tontine_id")} and u.rescheduled_by is not null and not exists (
        select from tontine_decisions d where d.id = u.rescheduled_by and d.kind = 'reschedule' and d.state = 'applied'))
      + (select count(*) from tontines g where ${ids("g.id")} and g.state in ('running', 'paused') and (g.state = 'paused')::int <> (
        select count(*) filter (where d.kind = 'pause') - count(*) filter (where d.kind = 'resume') from tontine_decisions d
        where d.tontine_id = g.id and d.state = 'applied'))`,
  },
  {
    promise:
      "each dispute was settled by two officers who may rule on it, and a fine that was cancelled is paid by nobody",
    query: ({
      ids,
    }) => `select (select count(*) from tontine_disputes d where ${ids("d.tontine_id")} and d.state = 'settled'
        and 2 > (select count(distinct r.member_id) from tontine_dispute_rulings r where r.dispute_id = d.id and r.outcome = d.outcome
          and r.member_id <> d.opened_by_member_id))
      + (select count(*) from tontine_disputes d join tontine_dues u on u.id = d.due_id
        where ${ids("d.tontine_id")} and d.about = 'fine' and d.outcome = 'granted' and u.state not in ('waived', 'returned'))`,
  },
];
