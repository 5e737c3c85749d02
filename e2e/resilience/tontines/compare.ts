import type { World } from "./group";
import { at, type Model, memberOfDue, open } from "./model/state";

/** What is compared, as text by what it is. */
type Picture = ReadonlyMap<string, string>;

/** Each sum and state in which the product differs from the model, a sentence each. */
export async function compare(world: World): Promise<string[]> {
  const [expected, seen] = [pictureOf(world.model), await readPicture(world)];
  const differences: string[] = [];
  for (const what of new Set([...expected.keys(), ...seen.keys()])) {
    const [by, is] = [expected.get(what), seen.get(what)];
    if (by === is) continue;
    differences.push(`${what}: ${by ?? "nothing"} by the rules, ${is ?? "nothing"} in the product`);
  }
  return differences;
}

function pictureOf(model: Model): Picture {
  const lines: [string, string | bigint][] = [
    ["the group", model.state],
    ["the box", model.box],
    ["the fund", model.fund],
  ];
  for (const [index, { hasAccount, state, wallet, advance, deposit, owed }] of model.members.entries()) {
    if (hasAccount) lines.push([`wallet of ${index}`, wallet]);
    lines.push(
      [`advance of ${index}`, advance],
      [`deposit of ${index}`, deposit],
      [`kept for ${index}`, owed],
    );
    lines.push([`state of ${index}`, state]);
  }
  for (const [number, { state, isRefund, pot }] of model.turns.entries()) {
    lines.push([`turn ${number}`, isRefund ? `${state}, refund` : state], [`pot of ${number}`, pot]);
  }
  for (const due of model.dues) {
    const { turn, holder, kind, amount, paid, covered, waived, isLate } = due;
    const name = `${kind} of ${memberOfDue(model, due)} by holder ${holder} in turn ${turn}`;
    const late = isLate && open(due) > 0n ? ", late" : "";
    lines.push([name, `${amount}, ${paid} paid, ${covered} covered, ${waived} waived${late}`]);
  }
  for (const { turn, holder, amount, state } of model.payouts) {
    if (state === "proposed") lines.push([`proposal of ${turn} to holder ${holder}`, amount]);
  }
  for (const [debtor] of model.members.entries()) {
    const own = model.debts.filter((debt) => debt.debtor === debtor);
    const texts = own.map(({ creditor, amount, repaid }) => `${creditor ?? "fund"} ${amount}-${repaid}`);
    lines.push([`debts of ${debtor}`, texts.join(", ")]);
    const [mandate] = model.mandates.filter(({ member }) => member === debtor).slice(-1);
    lines.push([`standing contribution of ${debtor}`, mandate?.state ?? ""]);
  }
  return new Map(
    lines.filter(([, value]) => value !== 0n && value !== "").map(([what, value]) => [what, `${value}`]),
  );
}

interface Row {
  what: string;
  value: string;
}

/** The same of the product's rows, one statement. */
async function readPicture(world: World): Promise<Picture> {
  const { owner, memberIds, holderIds, turnIds, tontineId } = world;
  const walletIds = world.people.map((person) => person?.walletId.toString() ?? "0");
  const rows = await owner<Row[]>`
    with g as (select * from tontines where id = ${tontineId.toString()}),
    m as (select id::bigint, wallet::bigint, place - 1 as i from unnest(${memberIds.map(String)}::text[], ${walletIds}::text[])
      with ordinality as n(id, wallet, place)),
    h as (select id::bigint, place - 1 as i from unnest(${holderIds}::text[]) with ordinality as n(id, place)),
    t as (select id::bigint, place - 1 as i from unnest(${turnIds}::text[]) with ordinality as n(id, place)),
    prefix as (select 'tontine/' || id || '/XOF/' as p from g),
    named as (
      select p || 'box' as address, 'the box' as what from prefix
      union all select p || 'solidarity', 'the fund' from prefix
      union all select p || 'pot/' || t.id, 'pot of ' || t.i from prefix, t
      union all select p || k.account || '/' || m.id, k.what || m.i from prefix, m, (values
        ('advance', 'advance of '), ('guarantee', 'deposit of '), ('owed', 'kept for ')) as k(account, what)
      union all select 'wallet/' || m.wallet || '/XOF/available', 'wallet of ' || m.i from m where m.wallet > 0)
    select n.what, a.balance::text as value from named n join ledger_accounts a on a.address = n.address
    union all select 'the group', state from g
    union all select 'state of ' || m.i, x.state from m join tontine_members x on x.id = m.id
    union all select 'turn ' || t.i, x.state || case x.kind when 'refund' then ', refund' else '' end
      from t join tontine_turns x on x.id = t.id
    union all select d.kind || ' of ' || m.i || ' by holder ' || h.i || ' in turn ' || t.i,
        d.amount_minor || ', ' || d.paid_minor || ' paid, ' || d.covered_minor || ' covered, ' || d.waived_minor || ' waived'
          || case d.state when 'late' then ', late' else '' end
      from tontine_dues d join h on h.id = d.holder_id join t on t.id = d.turn_id
      join tontine_share_holders x on x.id = h.id join m on m.id = x.member_id
    union all select 'proposal of ' || t.i || ' to holder ' || h.i, p.amount_minor::text
      from tontine_payouts p join h on h.id = p.holder_id join t on t.id = p.turn_id where p.state = 'proposed'
    union all select 'debts of ' || m.i, string_agg(coalesce(c.i::text, 'fund') || ' ' || d.amount_minor || '-' || d.repaid_minor,
        ', ' order by d.id) from tontine_debts d join m on m.id = d.debtor_member_id left join m c on c.id = d.creditor_member_id
      group by m.i
    union all select * from (select distinct on (m.i) 'standing contribution of ' || m.i, x.state
      from tontine_mandates x join m on m.id = x.member_id order by m.i, x.id desc) s`;
  return new Map(rows.filter(({ value }) => value !== "0").map(({ what, value }) => [what, value]));
}

/** All francs of the group's members and accounts, by the product. */
export async function countFrancs(world: World): Promise<bigint> {
  const seen = await readPicture(world);
  const isSum = (what: string) =>
    /^(?:wallet|advance|deposit|pot) of \d+$|^kept for |^the (?:box|fund)$/.test(what);
  return [...seen].reduce((sum, [what, value]) => (isSum(what) ? sum + BigInt(value) : sum), 0n);
}

/** The due of the model that a sentence is about, and its id in the product. */
export async function readDueIds(world: World): Promise<ReadonlyMap<string, string>> {
  const rows = await world.owner<{ id: string; name: string }[]>`
    select id, turn_id || ' ' || holder_id || ' ' || kind as name from tontine_dues where tontine_id = ${world.tontineId.toString()}`;
  return new Map(rows.map(({ id, name }) => [name, id]));
}

/** Of a due as {@link readDueIds} names it. */
export function nameOfDue(world: World, { turn, holder, kind }: Model["dues"][number]): string {
  return `${at(world.turnIds, turn)} ${at(world.holderIds, holder)} ${kind}`;
}
