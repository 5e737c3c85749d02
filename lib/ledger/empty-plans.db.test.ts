import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase, type Database, openDatabase, type Transaction } from "@/db/client";
import { inTransaction, preparedSql } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import type { LedgerAccount } from "./chart";
import type { EntryDraft } from "./draft";
import { postEntries } from "./post";

const { owner, appUrl } = await useDatabase({ alone: true });
const TABLES = ["ledger_accounts", "ledger_entries", "ledger_postings"];
const ROWS = 20_000;
/** Far more than a list of a few entries looks up, far less than any table holds. */
const READS_MAX = 500;

let db: Database;

/** One connection, whose plans are made while the tables are empty, as their statistics say; then the tables are filled. */
beforeAll(async () => {
  for (const table of TABLES) {
    await owner.unsafe(`alter table ${table} set (autovacuum_enabled = false)`);
    await owner.unsafe(`analyze ${table}`);
  }
  db = openDatabase(appUrl, { max: 1, name: "cauris test" });
  await openAndPost();
  await owner`insert into ledger_accounts (address, currency, minimum_balance)
    select 'test/filler/' || i, 'XOF', case when i % 2 = 0 then 0 end from generate_series(1, ${ROWS}) i`;
  await owner`insert into ledger_entries (source, step, occurred_at, recorded_at)
    select 'filler/' || i, 'test', now(), now() from generate_series(1, ${ROWS}) i`;
  await owner`insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount, recorded_at)
    select e.id, 1, 1, 2, 'XOF', 1, now() from ledger_entries e where e.source like 'filler/%'`;
});
afterAll(async () => {
  await closeDatabase(db);
});

/** Opens two accounts, posts between them, and posts the same again; answers the rows that index and table scans read. */
async function openAndPost(): Promise<number> {
  const accounts = [0n, null].map(
    (minimumBalance): LedgerAccount => ({ address: `test/${randomUUID()}`, currency: "XOF", minimumBalance }),
  ) as [LedgerAccount, LedgerAccount];
  const draft: EntryDraft = {
    source: randomUUID(),
    step: "test",
    occurredAt: new Date(),
    postings: [{ from: accounts[1], to: accounts[0], amount: money(5n, "XOF") }],
  };
  return await inTransaction(db, async (tx) => {
    const before = await countReads(tx);
    await openAccounts(tx, accounts);
    expect((await postEntries(tx, [draft]))[0]?.verdict).toBe("posted");
    expect((await postEntries(tx, [draft]))[0]?.verdict).toBe("duplicate");
    return (await countReads(tx)) - before;
  });
}

/** Rows that this transaction read from the ledger's tables and indexes so far. */
async function countReads(tx: Transaction): Promise<number> {
  const [row] = await preparedSql(tx)<{ reads: string }[]>`
    select sum(pg_stat_get_xact_tuples_returned(c.oid)) as reads from pg_class c
    left join pg_index i on i.indexrelid = c.oid
    where coalesce(i.indrelid, c.oid) = any (${TABLES}::text[]::regclass[]) and c.relkind in ('r', 'i')`;
  return Number(row?.reads);
}

it("a connection that planned its statements on an empty ledger reads no more when the ledger is full", async () => {
  expect(await openAndPost()).toBeLessThan(READS_MAX);
});
