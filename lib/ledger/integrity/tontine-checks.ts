import type { AuditCheck } from "./audit-check";
import { DECISION_CHECKS } from "./decision-checks";

/** The promises of tontines (lib/services/tontines/README.md), and more: of what members decide, of their operations, and of the triggers that hold them. */
export const TONTINE_PROMISES = [
  ...(["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "T13", "T14"] as const),
  ...(["decisions", "operations", "triggers"] as const),
] as const;

export type TontinePromise = (typeof TONTINE_PROMISES)[number];

export interface TontineCheck extends AuditCheck {
  name: TontinePromise;
}

/** Which tontines a check looks at, as SQL conditions: on a column that holds their ids, and on one with addresses of accounts. */
interface Scope {
  ids: (column: string) => string;
  addresses: (column: string) => string;
}

const ALL: Scope = { ids: () => "true", addresses: (column) => `${column} like 'tontine/%'` };

const only = (tontineId: bigint): Scope => ({
  ids: (column) => `${column} = ${tontineId}`,
  addresses: (column) => `${column} like 'tontine/${tontineId}/%'`,
});

/** The account of a tontine `g`, by the end of its address as SQL. */
const account = (end: string) => `ledger_address_tontine(g.id, g.currency, ${end})`;

/** What a due of kind `d.kind` is paid into. */
const TARGET = `case d.kind when 'contribution' then ${account("'pot/' || d.turn_id")}
  when 'solidarity' then ${account("'solidarity'")} when 'deposit' then ${account("'guarantee/' || h.member_id")}
  else ${account("'box'")} end`;

/** Breaches of a promise, counted among the tontines of a scope. */
interface Rule {
  name: TontinePromise;
  promise: string;
  query: (scope: Scope) => string;
}

const rule = (name: TontinePromise, promise: string, query: Rule["query"]): Rule => ({
  name,
  promise: /^T\d/.test(name) ? `${name}: ${promise}` : promise,
  query,
});

const RULES: readonly Rule[] = [
  rule(
    "T1",
    "each pot holds what was paid into its turn less what was paid out, and nothing once its turn has ended",
    ({ ids }) => `select count(*) from tontine_turns t join tontines g on g.id = t.tontine_id
      left join ledger_accounts a on a.address = ${account("'pot/' || t.id")}
      left join (select d.turn_id, sum(p.amount_minor) as amount from tontine_due_payments p
        join tontine_dues d on d.id = p.due_id where d.kind = 'contribution' and ${ids("d.tontine_id")}
        group by d.turn_id) i on i.turn_id = t.id
      left join (select p.turn_id, sum(p.amount_minor) as amount from tontine_payouts p
        where p.state = 'posted' and ${ids("p.tontine_id")} group by p.turn_id) u on u.turn_id = t.id
      left join (select d.turn_id, sum(p.amount_minor) as amount from tontine_returns x
        join tontine_due_payments p on p.id = x.payment_id join tontine_dues d on d.id = p.due_id
        where d.kind = 'contribution' and ${ids("d.tontine_id")} group by d.turn_id) r on r.turn_id = t.id
      where ${ids("t.tontine_id")} and (
        coalesce(a.balance, 0) <> coalesce(i.amount, 0) - coalesce(u.amount, 0) - coalesce(r.amount, 0)
        or (t.state in ('closed', 'cancelled', 'deferred') and coalesce(a.balance, 0) <> 0))`,
  ),
  rule(
    "T2",
    "each due is paid, covered, waived or open, as its payments and its state say",
    ({ ids }) => `select count(*) from tontine_dues d
      left join (select p.due_id, count(*) as parts, max(p.part) as last,
          sum(p.amount_minor) filter (where p.via in ('wallet', 'advance', 'payout')) as paid,
          sum(p.amount_minor) filter (where p.via in ('deposit', 'guarantor', 'solidarity')) as covered
        from tontine_due_payments p join tontine_dues x on x.id = p.due_id and ${ids("x.tontine_id")}
        group by p.due_id) p on p.due_id = d.id
      where ${ids("d.tontine_id")} and (
        d.paid_minor <> coalesce(p.paid, 0) or d.covered_minor <> coalesce(p.covered, 0)
        or coalesce(p.parts, 0) <> coalesce(p.last, 0)
        or (d.state in ('open', 'part', 'late')) <> (d.paid_minor + d.covered_minor + d.waived_minor < d.amount_minor)
        or (d.state in ('covered', 'repaid')) <> (d.covered_minor > 0
          and d.state not in ('open', 'part', 'late', 'returned')))`,
  ),
  rule(
    "T2",
    "each payment of a due that was given back went whole from where it was to its payer, and none other of that due stayed",
    ({
      ids,
    }) => `select (select count(*) from tontine_returns x join tontine_due_payments p on p.id = x.payment_id
        join tontine_dues d on d.id = p.due_id join tontine_share_holders h on h.id = d.holder_id
        join tontines g on g.id = d.tontine_id
        left join tontine_members y on y.id = coalesce(p.payer_member_id, h.member_id)
        left join ledger_postings m on m.entry_id = x.entry_id
        left join ledger_accounts f on f.id = m.from_account left join ledger_accounts t on t.id = m.to_account
        left join operations o on o.id = x.operation_id left join wallets w on w.id = o.wallet_id
        where ${ids("g.id")} and (m.entry_id is null or m.amount <> p.amount_minor
          or (f.address <> ${TARGET} and d.kind <> 'deposit') or d.state <> 'returned'
          or (o.id is not null and (o.type <> 'tontine_refund' or w.user_id is distinct from y.user_id))
          or (o.id is null and t.address not like 'tontine/' || g.id || '/%')))
      + (select count(*) from tontine_dues d join tontine_due_payments p on p.due_id = d.id
        where ${ids("d.tontine_id")} and d.state = 'returned'
          and not exists (select from tontine_returns x where x.payment_id = p.id))`,
  ),
  rule(
    "T3",
    "each payment of a due moved its amount, by an entry of its own, into the account that the due is for",
    ({ ids }) => `select count(*) from tontine_due_payments p
      join tontine_dues d on d.id = p.due_id join tontines g on g.id = d.tontine_id
      join tontine_share_holders h on h.id = d.holder_id
      left join ledger_postings m on m.entry_id = p.entry_id
      left join ledger_accounts t on t.id = m.to_account left join ledger_accounts f on f.id = m.from_account
      where ${ids("d.tontine_id")} and (m.entry_id is null or m.position <> 1 or m.amount <> p.amount_minor
        or (t.address <> ${TARGET} and d.kind <> 'deposit')
        or ledger_address_kind(f.address) <> case p.via when 'wallet' then 'available' when 'guarantor' then 'available'
          when 'advance' then 'tontine_advance' when 'payout' then 'tontine_pot' when 'deposit' then 'tontine_guarantee'
          else 'tontine_solidarity' end)`,
  ),
  rule(
    "T3",
    "each posting into a pot is a payment of a due",
    ({ addresses }) => `select count(*) from ledger_accounts a join ledger_postings m on m.to_account = a.id
      where ${addresses("a.address")} and ledger_address_kind(a.address) = 'tontine_pot'
        and not exists (select from tontine_due_payments p where p.entry_id = m.entry_id)`,
  ),
  rule(
    "T4",
    "each share takes once a cycle, in its own turn",
    ({
      ids,
    }) => `select (select count(*) from tontine_payouts p join tontine_share_holders h on h.id = p.holder_id
        where ${ids("p.tontine_id")} and p.state = 'posted' and not exists (select from tontine_turn_shares s
          where s.turn_id = p.turn_id and s.share_id = h.share_id))
      + (select count(*) from tontine_shares s join tontine_cycles c on c.id = s.cycle_id and c.started_at is not null
        where ${ids("c.tontine_id")} and not exists (select from tontine_turn_shares x where x.share_id = s.id))
      + (select 1 - count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relname = 'tontine_turn_shares_cycle_id_share_id_pk' and i.indisunique and i.indisvalid)`,
  ),
  rule(
    "T5",
    "each payout went to the wallet of the member whose turn it was, or is kept for them",
    ({ ids }) => `select count(*) from tontine_payouts p join tontines g on g.id = p.tontine_id
      join tontine_members m on m.id = p.member_id
      left join operations o on o.id = p.operation_id
      left join wallets w on w.id = o.wallet_id
      where ${ids("p.tontine_id")} and ((p.state <> 'posted' and p.operation_id is not null) or (p.state = 'posted' and (
        coalesce(o.amount_minor, 0) <> p.amount_minor - p.kept_minor - p.netted_minor - p.retained_minor
        or (o.id is not null and (o.type <> 'tontine_payout' or w.user_id is distinct from m.user_id))
        or p.kept_minor <> coalesce((select sum(x.amount) from ledger_entries e join ledger_postings x on x.entry_id = e.id
          join ledger_accounts t on t.id = x.to_account where e.source = 'tontine/' || g.id || '/payout/' || p.id
            and e.step = 'kept' and t.address = ${account("'owed/' || p.member_id")}), 0))))`,
  ),
  rule(
    "T5",
    "each order is the one that all signed, or that a frozen sheet and its randomness give",
    ({ ids }) => `select (select count(*) from tontine_draws d
        where ${ids("d.tontine_id")} and d.sheet <> tontine_draw_heading(d.cycle_id, d.source, d.round, d.lotto, d.lotto_day) || '|' || (
          select string_agg(n.number || ':' || n.added, '|' order by n.number) from tontine_draw_shares n where n.draw_id = d.id))
      + (select count(*) from tontine_draw_results r join tontine_draws d on d.id = r.draw_id
        join tontine_cycles c on c.id = d.cycle_id
        where ${ids("d.tontine_id")} and (r.seed <> tontine_sha256(d.sheet || '|' || r.randomness) or r.drawn_at < d.draws_at
          or r.share_order <> tontine_draw_order(r.seed, c.share_count)))
      + (select count(*) from tontine_draws d join tontine_draw_shares n on n.draw_id = d.id
        join tontine_shares s on s.id = n.share_id left join tontine_draw_results r on r.draw_id = d.id
        where ${ids("d.tontine_id")} and s.position is distinct from
          case when r.id is null then n.number else array_position(string_to_array(r.share_order, ' '), n.number::text) end)
      + (select count(*) from tontine_cycles c join tontine_rules r on r.id = c.rules_id
        join tontine_shares s on s.cycle_id = c.id
        where ${ids("c.tontine_id")} and r.parameters ? 'shareIds' and coalesce(r.parameters ->> 'order', 'fixed') = 'fixed'
          and s.position is distinct from array_position(tontine_share_ids(r.parameters), s.id))
      + (select count(*) from tontine_cycles c join tontine_rules r on r.id = c.rules_id
        where ${ids("c.tontine_id")} and c.started_at is not null and r.parameters ->> 'order' = 'draw' and not exists (
          select from tontine_draws d join tontine_draw_results x on x.draw_id = d.id where d.cycle_id = c.id))`,
  ),
  rule(
    "T6",
    "each payout was approved by two members who don't receive it, as it was shown",
    ({
      ids,
    }) => `select (select count(*) from tontine_payouts p where ${ids("p.tontine_id")} and p.state = 'posted' and (
        (p.approved_payout_id is null and 2 > (select count(distinct a.member_id) from tontine_approvals a
          where a.payout_id = p.id and a.shown_hash = p.shown_hash and a.member_id <> p.member_id))
        or (p.approved_payout_id is not null and not exists (select from tontine_payouts f where f.id = p.approved_payout_id
          and f.turn_id = p.turn_id and f.holder_id = p.holder_id and f.member_id = p.member_id and f.state = 'posted'
          and f.approved_payout_id is null))))
      + (select count(*) from tontine_approvals a join tontine_payouts p on p.id = a.payout_id
        where ${ids("p.tontine_id")} and a.member_id = p.member_id)`,
  ),
  rule(
    "T7",
    "each member of a running tontine signed the rules of its cycle as they are",
    ({ ids }) => `select (select count(*) from tontine_rules r
        where ${ids("r.tontine_id")} and r.hash <> tontine_rules_hash(r.text_fr, r.text_en, r.parameters))
      + (select count(*) from tontine_signatures s join tontine_rules r on r.id = s.rules_id
        where ${ids("r.tontine_id")} and r.hash <> s.hash)
      + (select count(*) from tontine_cycles c join tontine_shares x on x.cycle_id = c.id
        join tontine_share_holders h on h.share_id = x.id and h.ended_at is null
        where ${ids("c.tontine_id")} and c.started_at is not null and not exists (select from tontine_signatures s
          where s.rules_id = c.rules_id and s.member_id = h.member_id))`,
  ),
  rule(
    "T8",
    "nobody left who owes",
    ({
      ids,
    }) => `select count(*) from tontine_members m where ${ids("m.tontine_id")} and m.state = 'left' and (
      exists (select from tontine_debts d where d.debtor_member_id = m.id and d.repaid_minor < d.amount_minor)
      or exists (select from tontine_dues d join tontine_share_holders h on h.id = d.holder_id
        where h.member_id = m.id and d.state in ('open', 'part', 'late')))`,
  ),
  rule(
    "T9",
    "what was paid for a member, less what was repaid, is what the member owes",
    ({ ids }) => `select (select count(*) from tontine_debts d
        left join (select r.debt_id, sum(r.amount_minor) as amount from tontine_debt_repayments r
          join tontine_debts x on x.id = r.debt_id and ${ids("x.tontine_id")} group by r.debt_id) r
          on r.debt_id = d.id where ${ids("d.tontine_id")} and d.repaid_minor <> coalesce(r.amount, 0))
      + (select count(*) from (select p.due_id, sum(p.amount_minor) as amount from tontine_due_payments p
          join tontine_dues x on x.id = p.due_id and ${ids("x.tontine_id")}
          where p.via in ('guarantor', 'solidarity') group by p.due_id) c
        full join (select d.due_id, sum(d.amount_minor) as amount from tontine_debts d where ${ids("d.tontine_id")}
          group by d.due_id) d on d.due_id = c.due_id
        left join tontine_dues u on u.id = coalesce(c.due_id, d.due_id)
        -- What a cycle's end left unpaid is owed to its receivers.
        where coalesce(d.amount, 0) not between coalesce(c.amount, 0) and coalesce(c.amount, 0) + coalesce(u.waived_minor, 0))`,
  ),
  rule(
    "T10",
    "no premium is left in an account",
    ({ addresses }) => `select count(*) from ledger_accounts a
      where ${addresses("a.address")} and a.address ~ '^tontine/[0-9]+/[A-Z]+/premium/' and a.balance <> 0`,
  ),
  rule(
    "T11",
    "no posting links cash to electronic money",
    ({
      addresses,
    }) => `select count(*) from ledger_accounts a join ledger_postings m on a.id in (m.from_account, m.to_account)
      join ledger_accounts o on o.id in (m.from_account, m.to_account) and o.id <> a.id
      where ${addresses("a.address")} and a.address ~ '^tontine/[0-9]+/[A-Z]+/cash/'
        and o.address !~ '^tontine/[0-9]+/[A-Z]+/cash/'`,
  ),
  rule(
    "T12",
    "a standing contribution took each due once, within its ceiling, before it ended",
    ({
      ids,
    }) => `select (select count(*) from tontine_due_payments p join tontine_mandates m on m.id = p.mandate_id
        join tontines g on g.id = m.tontine_id
        where ${ids("m.tontine_id")} and (p.amount_minor > m.ceiling_minor or p.paid_at > coalesce(m.ended_at, 'infinity')
          or (p.paid_at at time zone g.zone)::date > m.ends_on))
      + (select count(*) from (select from tontine_due_payments p join tontine_mandates m on m.id = p.mandate_id
        where ${ids("m.tontine_id")} group by p.due_id having count(*) > 1) x)
      + (select 1 - count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relname = 'tontine_due_payments_mandate_key' and i.indisunique and i.indisvalid)`,
  ),
  rule(
    "T13",
    "each fine is one of the rule's, and those of a share are within its cap",
    ({ ids }) => `select count(*) from (
      select h.halves, r.parameters, max(d.amount_minor) as highest, sum(d.amount_minor) as total
      from tontine_dues d join tontine_turns t on t.id = d.turn_id join tontine_cycles c on c.id = t.cycle_id
      join tontine_rules r on r.id = c.rules_id join tontine_share_holders h on h.id = d.holder_id
      where ${ids("d.tontine_id")} and d.kind = 'fine' group by d.holder_id, h.halves, r.parameters) x
      where total * 2 > (parameters ->> 'fineCapMinor')::bigint * halves
        or highest * 2 > greatest((parameters ->> 'fineBeforeMinor')::bigint, (parameters ->> 'fineAfterMinor')::bigint) * halves + 1`,
  ),
  rule(
    "T14",
    "each account of a closed tontine is empty, but for what is kept for its members",
    ({
      ids,
      addresses,
    }) => `select count(*) from ledger_accounts a join tontines g on a.address like 'tontine/' || g.id || '/%'
      where ${ids("g.id")} and ${addresses("a.address")} and g.state = 'closed'
        and ledger_address_kind(a.address) is distinct from 'tontine_owed' and a.balance <> 0`,
  ),
  ...DECISION_CHECKS.map(({ promise, query }) => rule("decisions", promise, query)),
  rule(
    "operations",
    "each operation of a tontine is its member's, between their wallet and an account of the group",
    ({ ids }) => `select count(*) from operations o left join tontine_operations x on x.operation_id = o.id
      left join tontines g on g.id = x.tontine_id
      left join ledger_entries e on e.source = o.reference and e.step = o.type
      left join ledger_postings m on m.entry_id = e.id
      left join ledger_accounts f on f.id = m.from_account left join ledger_accounts t on t.id = m.to_account
      where ${ids("x.tontine_id")} and ((o.type like 'tontine\\_%') <> (x.operation_id is not null) or (x.operation_id is not null and (
        f.id is null or t.id is null
        or case when o.type in ('tontine_payout', 'tontine_refund', 'tontine_share_out') then f.address else t.address end
          not like 'tontine/' || g.id || '/%')))`,
  ),
  rule(
    "triggers",
    "the triggers that hold tontines to their rules are in force",
    () => `select 75 - count(*) from pg_trigger where tgenabled = 'O' and tgrelid in (
      select c.oid from pg_class c where c.relname like 'tontine%') and not tgisinternal
      and (tgname like '%\\_keep' or tgname like '%\\_check' or tgname like '%\\_stay' or tgname like '%\\_append_only')`,
  ),
];

const checksOf = (scope: Scope): TontineCheck[] =>
  RULES.map(({ name, promise, query }) => ({ invariant: 15, name, promise, query: query(scope) }));

/** Invariant 15: T1 to T14, of all tontines. */
export const TONTINE_CHECKS: readonly TontineCheck[] = checksOf(ALL);

/** The same of one tontine. */
export const tontineChecksOf = (tontineId: bigint): readonly TontineCheck[] => checksOf(only(tontineId));
