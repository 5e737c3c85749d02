import type { Sql } from "postgres";
import { beforeAll, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { openBy, vote } from "@/e2e/support/decisions";
import { createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { at, runningGroup, runTurn, timeOf, trioOf } from "@/e2e/support/tontines";
import { newKey, newReference } from "@/lib/ids";
import { rollCheckpoints } from "@/lib/ledger/checkpoints";
import { SEAL_SUBJECTS } from "@/lib/ledger/sealing/store";
import { money } from "@/lib/money/money";
import { openDispute } from "@/lib/services/tontines/disputes/open-dispute";
import { ruleDispute } from "@/lib/services/tontines/disputes/rule-dispute";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { createVault } from "@/lib/services/vaults/create-vault";
import { placeWithdrawal } from "@/lib/services/withdrawals/place-withdrawal";

const { db, owner } = await useDatabase({ alone: true });

/** What changes in the life of a row, and so isn't sealed. */
const CHANGEABLE: Record<string, readonly string[]> = {
  ledger_accounts: ["balance", "version", "posted_at"],
  wallets: ["frozen_at"],
  vaults: ["name", "goal_minor", "locked_until", "closed_at"],
  // The folded note follows from the note.
  operations: [
    "note_folded",
    "state",
    "reason",
    "provider_reference",
    "payment_url",
    "attempt",
    "expires_at",
    "updated_at",
  ],
  tontines: ["state", "invite_token_hash"],
  tontine_dues: [
    "state",
    "paid_minor",
    "covered_minor",
    "waived_minor",
    "postponed_to",
    "rescheduled_by",
    "extended_at",
  ],
  tontine_draws: ["state", "tries", "next_try_at", "problem", "typed_numbers", "typed_day", "typed_by"],
  tontine_decisions: ["state", "decided_at", "applied_at"],
  tontine_disputes: ["state", "answer", "answered_by_member_id", "answered_at", "outcome", "settled_at"],
  tontine_payouts: [
    "state",
    "reason",
    "operation_id",
    "posted_at",
    "kept_minor",
    "netted_minor",
    "retained_minor",
  ],
};

/** Tables of tontines, each a subject of its own name. */
const TONTINE_SUBJECTS = SEAL_SUBJECTS.filter((subject) => subject.startsWith("tontine"));

const SUBJECTS: [subject: string, table: string][] = [
  ["accounts", "ledger_accounts"],
  ["entries", "ledger_entries"],
  ["entries", "ledger_postings"],
  ["checkpoints", "ledger_checkpoints"],
  ["wallets", "wallets"],
  ["vaults", "vaults"],
  ["operations", "operations"],
  ["events", "operation_events"],
  ...TONTINE_SUBJECTS.map((table): [string, string] => [table, table]),
];

beforeAll(async () => {
  const [one, other] = [await createUser(db), await createUser(db)];
  await fundWallet(db, one.walletId, money(5_000n, "XOF"));
  await sendTransfer(one.context, {
    walletNumber: other.walletNumber,
    amount: money(5n, "XOF"),
    key: newKey(),
  });
  await createVault(one.context, { name: "Moto", currency: "XOF", goal: "", lockedUntil: "", key: newKey() });
  const [amount, fee] = [money(50n, "XOF"), money(0n, "XOF")];
  const order = { amount, fee, provider: "test", method: "wave", phone: "+22670000001", bank: null };
  const placement = { walletId: one.walletId, reference: newReference(), order };
  await inTransaction(db, (tx) => placeWithdrawal(tx, one.context, placement));
  await rollCheckpoints(db);
  const group = await runningGroup(db, { count: 3, order: "draw" });
  await runTurn(group, 1);
  const [officer, opener, judge] = trioOf(group);
  const now = timeOf(group, 1, 5);
  const decision = await openBy(group, officer, now, { kind: "pause" });
  await vote(group, officer, decision, "no", now);
  const { code } = group;
  const { disputeId } = await openDispute(at(opener.context, now), {
    code,
    about: "turn",
    id: "1",
    reason: "Il manque une part.",
  });
  await ruleDispute(at(judge.context, now), {
    code,
    disputeId: `${disputeId}`,
    outcome: "upheld",
    pin: TEST_PIN,
  });
});

class Rollback extends Error {}

async function columnsOf(table: string): Promise<{ name: string; type: string }[]> {
  return await owner<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`;
}

const OTHER: Record<string, (column: string) => string> = {
  text: (column) => `coalesce(${column}, '') || 'x'`,
  integer: (column) => `coalesce(${column}, 0) + 1000`,
  bigint: (column) => `coalesce(${column}, 0) + 1000000`,
  smallint: (column) => `coalesce(${column}, 0) + 1000`,
  ARRAY: (column) => `${column} || 1::bigint`,
  bytea: (column) => `${column} || '\\x00'::bytea`,
  date: (column) => `coalesce(${column}, current_date) + 1`,
  jsonb: (column) => `jsonb_build_object('other', ${column})`,
  "timestamp with time zone": (column) => `coalesce(${column}, now()) + interval '1 second'`,
};

/** Whether the digest of a subject is another one once this column of one row is. */
async function isCovered(subject: string, table: string, { name, type }: { name: string; type: string }) {
  const change = OTHER[type];
  if (!change) throw new Error(`${table}.${name} is of a type that this test doesn't know: ${type}`);
  let covered = false;
  const digest = async (sql: Sql) => {
    const [row] = await sql`select * from ledger_seal_digest(${subject}, 1, 1000000000)`;
    return JSON.stringify(row);
  };
  await owner
    .begin(async (tx) => {
      const sql = tx as unknown as Sql;
      await sql`set local session_replication_role = replica`;
      const checks = await sql<{ name: string }[]>`
        select conname as name from pg_constraint where conrelid = ${table}::regclass and contype = 'c'`;
      for (const check of checks) await sql.unsafe(`alter table ${table} drop constraint "${check.name}"`);
      await sql.unsafe(`alter table ${table} alter column "${name}" drop identity if exists`);
      const before = await digest(sql);
      await sql.unsafe(`update ${table} set "${name}" = ${change(`"${name}"`)}
        where ctid = (select max(ctid) from ${table})`);
      covered = (await digest(sql)) !== before;
      throw new Rollback();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rollback)) throw error;
    });
  return covered;
}

it.each(SUBJECTS)(
  "seals of %s cover each column of %s but those that change in a row's life",
  async (subject, table) => {
    const uncovered: string[] = [];
    for (const column of await columnsOf(table)) {
      if (!(await isCovered(subject, table, column))) uncovered.push(column.name);
    }
    expect(uncovered.sort()).toEqual([...(CHANGEABLE[table] ?? [])].sort());
  },
);
