import type postgres from "postgres";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { configureVerbs } from "@/e2e/support/configure-verbs";
import { newKey } from "@/lib/ids";
import { openAccounts } from "@/lib/ledger/accounts";
import { chart, type LedgerAccount } from "@/lib/ledger/chart";
import { createGroupedPoster } from "@/lib/ledger/group-posts";
import type { Context } from "@/lib/services/context";
import { advanceTontines } from "@/lib/services/tontines/advance-tontine";
import { defaultParameters } from "@/lib/services/tontines/rules";
import { createPeople } from "./api-people";
import { describeConditions, openBenchDatabase } from "./bench-database";
import { transferBetween } from "./product";
import { runCallers } from "./run-callers";

const PEOPLE = 12_000;
const OPENED_AT_ONCE = 1_000;
const TRANSFER_CALLERS = 8;
const ALONE_MS = 5_000;
const ZONE = "Africa/Abidjan";

export interface TontineRun {
  signal: AbortSignal;
  print(line: string): void;
}

/**
 * Measures a due date: of 300 members in one group, and of 1,000 groups of twelve at the same minute with transfers beside them. All have a
 * standing contribution. Prints its report. Answers false when a due isn't paid afterwards.
 */
export async function measureTontines(databaseUrl: string | undefined, run: TontineRun): Promise<boolean> {
  const database = await openBenchDatabase(databaseUrl);
  configureVerbs(database.appUrl);
  const db = openDatabase(database.appUrl, { max: 16, name: "cauris bench" });
  try {
    for (const line of await describeConditions(database.owner)) run.print(line);
    const { accounts } = await createPeople(database.owner, db, { count: PEOPLE, senders: 1 });
    const one = await measureOne(database.owner, db, 300, 1);
    run.print(`300 members of one group: ${one.ms} ms, of which ${one.inDatabaseMs} ms in the database`);
    const alone = await transfers(db, accounts, ALONE_MS, run.signal);
    run.print(`transfers alone: ${alone.toFixed(0)} a second`);
    const groups = await measureMany(database.owner, db, accounts, run.signal);
    run.print(
      `1,000 groups of 12: ${groups.ms} ms, with ${groups.perSecond.toFixed(0)} transfers a second beside`,
    );
    const [row] = await database.owner<{ open: number; paid: number }[]>`
      select count(*) filter (where state <> 'paid')::int as open, count(*) filter (where state = 'paid')::int as paid from tontine_dues`;
    run.print(`Check       ${row?.paid} dues paid, ${row?.open} open`);
    return row?.open === 0 && row.paid === 12_300;
  } finally {
    await closeDatabase(db);
    await database.close();
  }
}

const contextAt = (db: Database, at: string): Context => ({
  ...{ actor: { kind: "system" }, requestId: newKey(), db, now: new Date(at) },
});

async function measureOne(owner: postgres.Sql, db: Database, members: number, groups: number) {
  await makeGroups(owner, db, { members, groups, dueOn: "2040-03-01" });
  await advanceTontines(contextAt(db, "2040-02-28T07:00:00Z"));
  await owner`select pg_stat_reset()`;
  const startedAt = performance.now();
  await advanceTontines(contextAt(db, "2040-03-01T06:30:00Z"));
  const ms = Math.round(performance.now() - startedAt);
  const [row] = await owner<{ active: number }[]>`
    select pg_stat_clear_snapshot(), (select active_time from pg_stat_database where datname = current_database()) as active`;
  return { ms, inDatabaseMs: Math.round(row?.active ?? Number.NaN) };
}

async function measureMany(
  owner: postgres.Sql,
  db: Database,
  accounts: readonly LedgerAccount[],
  signal: AbortSignal,
) {
  await makeGroups(owner, db, { members: 12, groups: 1_000, dueOn: "2041-03-01" });
  await advanceTontines(contextAt(db, "2041-02-26T07:00:00Z"));
  const stop = new AbortController();
  const beside = transfersUntil(db, accounts, stop.signal);
  const startedAt = performance.now();
  await advanceTontines(contextAt(db, "2041-03-01T06:30:00Z"));
  const ms = Math.round(performance.now() - startedAt);
  stop.abort();
  signal.throwIfAborted();
  return { ms, perSecond: ((await beside) * 1_000) / ms };
}

async function transfers(
  db: Database,
  accounts: readonly LedgerAccount[],
  durationMs: number,
  signal: AbortSignal,
) {
  const poster = createGroupedPoster(db);
  const call = async () => {
    await poster.post(transferBetween(accounts, "uniform"));
    return 1;
  };
  return (await runCallers({ callers: TRANSFER_CALLERS, durationMs, signal }, call)).perSecond;
}

async function transfersUntil(db: Database, accounts: readonly LedgerAccount[], signal: AbortSignal) {
  const poster = createGroupedPoster(db);
  let count = 0;
  const loop = async () => {
    while (!signal.aborted) {
      await poster.post(transferBetween(accounts, "uniform"));
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: TRANSFER_CALLERS }, loop));
  return count;
}

interface NewGroups {
  members: number;
  groups: number;
  dueOn: string;
}

/** Running groups with one planned turn, one share and a standing contribution a member; users are taken in turn. Written past the triggers, which ask for a founding and signatures. */
async function makeGroups(
  owner: postgres.Sql,
  db: Database,
  { members, groups, dueOn }: NewGroups,
): Promise<void> {
  const parameters = JSON.stringify(defaultParameters(10_000n));
  const calendar = JSON.stringify({ kind: "dates", time: "18:00", dates: [dueOn] });
  const rows = await owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    return await sql<{ id: string; turn: string; members: string[] }[]>`
      with g as (insert into tontines (code, name, currency, zone, founder_user_id, state)
        select upper(substr(md5(${dueOn} || n), 1, 6)), 'Bench', 'XOF', ${ZONE}, 1, 'running' from generate_series(1, ${groups}::int) n returning id),
      numbered as (select id, row_number() over (order by id) - 1 as n from g),
      r as (insert into tontine_rules (tontine_id, version, parameters, text_fr, text_en, hash)
        select id, 1, ${parameters}::text::jsonb, 'fr', 'en', tontine_rules_hash('fr', 'en', ${parameters}::text::jsonb) from g returning id, tontine_id),
      c as (insert into tontine_cycles (tontine_id, number, rules_id, contribution_minor, share_count, calendar, started_at)
        select tontine_id, 1, id, 10000, ${members}::int, ${calendar}::text::jsonb, now() from r returning id, tontine_id),
      m as (insert into tontine_members (tontine_id, user_id, name, state)
        select id, (n * ${members}::int + k) % ${PEOPLE}::int + 1, 'Awa', 'active' from numbered, generate_series(0, ${members}::int - 1) k returning id, tontine_id),
      s as (insert into tontine_shares (cycle_id, position)
        select id, k from c, generate_series(1, ${members}::int) k returning id, cycle_id, position),
      placed as (select id, tontine_id, row_number() over (partition by tontine_id order by id) as position from m),
      h as (insert into tontine_share_holders (share_id, member_id)
        select s.id, p.id from placed p join c on c.tontine_id = p.tontine_id join s on s.cycle_id = c.id and s.position = p.position),
      t as (insert into tontine_turns (tontine_id, cycle_id, number, due_on, due_at, closes_at)
        select tontine_id, id, 1, ${dueOn}::date, ${dueOn}::date + interval '18 hours', ${dueOn}::date + interval '4 days' from c returning id, tontine_id, cycle_id),
      x as (insert into tontine_turn_shares (turn_id, share_id, cycle_id)
        select t.id, s.id, t.cycle_id from t join s on s.cycle_id = t.cycle_id and s.position = 1),
      d as (insert into tontine_mandates (tontine_id, member_id, ceiling_minor, ends_on, text_hash, given_at)
        select tontine_id, id, 10000, '2099-01-01', sha256('bench'), '2030-01-01' from m)
      select t.tontine_id as id, t.id as turn, array(select m.id::text from m where m.tontine_id = t.tontine_id) as members from t`;
  });
  const accounts = rows.flatMap(({ id, turn, members: ids }) => {
    const group = { id: BigInt(id), currency: "XOF" } as const;
    const own = ids.flatMap((member) => [
      chart.tontineAdvance(group, BigInt(member)),
      chart.tontineGuarantee(group, BigInt(member)),
      chart.tontineOwed(group, BigInt(member)),
    ]);
    return [
      chart.tontineBox(group),
      chart.tontineSolidarity(group),
      chart.tontinePot(group, BigInt(turn)),
      ...own,
    ];
  });
  for (let start = 0; start < accounts.length; start += OPENED_AT_ONCE) {
    await inTransaction(db, (tx) => openAccounts(tx, accounts.slice(start, start + OPENED_AT_ONCE)));
  }
  await owner`analyze`;
}
