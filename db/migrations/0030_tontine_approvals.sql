-- Who approves a payout (T6), as in 0021_tontine_rules.sql but for two things. It is never one person alone, however few there are who don't
-- receive it. And after seven days a member in default may approve what others receive, so that no pot is stuck in a small group.
create or replace function tontine_may_approve(p_payout bigint, p_member bigint, p_moment timestamptz) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(bool_and(m.user_id is not null
    and (m.state in ('active', 'late') or (m.state = 'defaulted' and p.proposed_at <= p_moment - interval '7 days'))
    and not exists (select from tontine_receivers(p.turn_id) r where r.member_id = m.id)
    and (m.roles && array['chair', 'treasurer', 'secretary']
      or ('auditor' = any (m.roles) and (p.proposed_at <= p_moment - interval '72 hours' or exists (
        select from tontine_receivers(p.turn_id) r join tontine_members o on o.id = r.member_id
        where o.roles && array['chair', 'treasurer', 'secretary'])))
      or p.proposed_at <= p_moment - interval '7 days')), false)
  from tontine_payouts p join tontine_members m on m.tontine_id = p.tontine_id and m.id = p_member
  where p.id = p_payout
$$;
--> statement-breakpoint
create or replace function tontine_is_approved(p_payout bigint) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select count(*) >= 2 and (count(*) filter (where cardinality(m.roles) > 0) >= 2 or count(*) * 3 >= 2 * (
    select count(*) from tontine_members o join tontine_payouts p on p.tontine_id = o.tontine_id
    where p.id = p_payout and o.user_id is not null and o.state in ('active', 'late')
      and not exists (select from tontine_receivers(p.turn_id) r where r.member_id = o.id)))
  from tontine_approvals a join tontine_members m on m.id = a.member_id join tontine_payouts p on p.id = a.payout_id
  where a.payout_id = p_payout and a.shown_hash = p.shown_hash
$$;
