import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { describe, expect, it } from "vitest";
import { closeDatabase, openDatabase } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { getBalances } from "./balances";
import type { LedgerAccount } from "./chart";
import type { EntryDraft } from "./draft";
import { createGroupedPoster } from "./group-posts";
import { postEntry } from "./post";
import type { Verdict } from "./store";

const { db, owner, appUrl } = await useDatabase();

const materialized = (): LedgerAccount => ({
  address: `test/${randomUUID()}`,
  currency: "XOF",
  minimumBalance: 0n,
});

function draft(from: LedgerAccount, to: LedgerAccount, amountMinor: bigint): EntryDraft {
  const postings = [{ from, to, amount: money(amountMinor, from.currency) }];
  return { source: randomUUID(), step: "test", occurredAt: new Date(), postings };
}

async function balanceOf(account: LedgerAccount): Promise<bigint> {
  const [balance] = await getBalances(db, [account]);
  return balance?.amountMinor ?? -1n;
}

/** A payer with `funds` and a payee with nothing. */
async function world(funds: bigint) {
  const source: LedgerAccount = { ...materialized(), minimumBalance: null };
  const [payer, payee] = [materialized(), materialized()];
  await inTransaction(db, (tx) => openAccounts(tx, [source, payer, payee]));
  await inTransaction(db, (tx) => postEntry(tx, draft(source, payer, funds)));
  return { payer, payee };
}

/** How many transactions wrote the entries of these drafts. */
async function countLists(drafts: readonly EntryDraft[]): Promise<number> {
  const sources = drafts.map(({ source }) => source);
  const [row] = await owner<{ count: number }[]>`
    select count(distinct xmin::text)::int as count from ledger_entries where source = any (${sources})`;
  return row?.count ?? 0;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Resolves when somebody waits for an advisory lock. */
async function untilWaiting(sql: Sql): Promise<void> {
  for (;;) {
    const waiting = await sql`
      select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    if (waiting.length > 0) return;
  }
}

const verdictsOf = (verdicts: Verdict[]) => verdicts.map(({ verdict }) => verdict);
const count = (verdicts: Verdict[], code: string) => verdictsOf(verdicts).filter((v) => v === code).length;

describe("a grouped poster", () => {
  it("of 200 concurrent postings on a balance for 150 exactly 150 are posted", async () => {
    const { payer, payee } = await world(1_500n);
    const poster = createGroupedPoster(db);
    const drafts = Array.from({ length: 200 }, () => draft(payer, payee, 10n));
    const verdicts = await Promise.all(drafts.map((entry) => poster.post(entry)));
    expect(count(verdicts, "posted")).toBe(150);
    expect(count(verdicts, "insufficient_funds")).toBe(50);
    expect([await balanceOf(payer), await balanceOf(payee)]).toEqual([0n, 1_500n]);
    expect(await countLists(drafts)).toBe(1);
  });

  it("bounds a list, and serves callers in order", async () => {
    const { payer, payee } = await world(1_500n);
    const poster = createGroupedPoster(db, { listMax: 40 });
    const drafts = Array.from({ length: 200 }, () => draft(payer, payee, 10n));
    const verdicts = await Promise.all(drafts.map((entry) => poster.post(entry)));
    expect(verdictsOf(verdicts)).toEqual([
      ...Array.from({ length: 150 }, () => "posted"),
      ...Array.from({ length: 50 }, () => "insufficient_funds"),
    ]);
    expect(await countLists(drafts)).toBe(4);
  });

  it("groups calls made while a list commits into the next list", async () => {
    const { payer, payee } = await world(100n);
    const poster = createGroupedPoster(db);
    const drafts = Array.from({ length: 21 }, () => draft(payer, payee, 1n));
    const [first, ...late] = drafts;
    if (!first) throw new Error("there is a first");
    const posting = [poster.post(first)];
    await turn();
    await turn();
    for (const entry of late) posting.push(poster.post(entry));
    expect(count(await Promise.all(posting), "posted")).toBe(21);
    expect(await countLists([first])).toBe(1);
    expect(await countLists(late)).toBe(1);
    expect(await countLists(drafts)).toBe(2);
  });

  it.each([1, 10])("answers nobody before the commit (%i in the list)", async (size) => {
    const { payer, payee } = await world(100n);
    const poster = createGroupedPoster(db);
    const drafts = Array.from({ length: size }, () => draft(payer, payee, 1n));
    const name = randomUUID();
    // A deferred trigger runs within the commit, when the statement has given its rows already: there it waits for us.
    await owner.unsafe(`create function wait_in_commit() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(hashtext('${name}')); return null; end $$;
      create constraint trigger wait_in_commit after insert on ledger_entries deferrable initially deferred
      for each row execute function wait_in_commit()`);
    let answered = 0;
    const gate = await owner.reserve();
    try {
      await gate`select pg_advisory_lock(hashtext(${name}))`;
      const posting = drafts.map(async (entry) => {
        await poster.post(entry);
        answered += 1;
      });
      await untilWaiting(gate);
      expect([answered, await balanceOf(payee)]).toEqual([0, 0n]);
      await gate`select pg_advisory_unlock(hashtext(${name}))`;
      await Promise.all(posting);
    } finally {
      await gate`select pg_advisory_unlock_all()`;
      gate.release();
      await owner.unsafe("drop trigger wait_in_commit on ledger_entries; drop function wait_in_commit");
    }
    expect([answered, await balanceOf(payee)]).toEqual([size, BigInt(size)]);
  });

  it("an invalid entry fails alone", async () => {
    const { payer, payee } = await world(1_000n);
    const poster = createGroupedPoster(db);
    const poisoned = new Set([7, 63]);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        // The posting function raises for an amount of nothing, which rolls back the whole list.
        poster.post(draft(payer, payee, poisoned.has(index) ? 0n : 10n)),
      ),
    );
    for (const [index, result] of results.entries()) {
      if (poisoned.has(index))
        expect(result).toMatchObject({ status: "rejected", reason: { code: "22023" } });
      else expect(result).toMatchObject({ status: "fulfilled", value: { verdict: "posted" } });
    }
    expect([await balanceOf(payer), await balanceOf(payee)]).toEqual([20n, 980n]);
  });

  it("names a (source, step) once a list: the second is answered as a replay (invariant 4)", async () => {
    const { payer, payee } = await world(100n);
    const poster = createGroupedPoster(db);
    const entry = draft(payer, payee, 10n);
    const other = { ...draft(payer, payee, 11n), source: entry.source };
    const others = Array.from({ length: 5 }, () => draft(payer, payee, 1n));
    const [verdicts] = await Promise.all([
      Promise.all([entry, entry, other, entry].map((one) => poster.post(one))),
      ...others.map((one) => poster.post(one)),
    ]);
    expect(verdictsOf(verdicts)).toEqual(["posted", "duplicate", "mismatch", "duplicate"]);
    expect(new Set(verdicts.map(({ entryId }) => entryId)).size).toBe(1);
    expect(await balanceOf(payee)).toBe(15n);
    expect(await countLists([entry, ...others])).toBe(1);
  });

  it("two posters with one (source, step) post it once", async () => {
    const { payer, payee } = await world(100n);
    const posters = [createGroupedPoster(db), createGroupedPoster(db)];
    const entries = Array.from({ length: 20 }, () => draft(payer, payee, 1n));
    const verdicts = await Promise.all(
      posters.flatMap((poster) => entries.map((entry) => poster.post(entry))),
    );
    expect(count(verdicts, "posted")).toBe(20);
    expect(count(verdicts, "duplicate")).toBe(20);
    expect(await balanceOf(payee)).toBe(20n);
  });

  it("rejects waiting calls when the database is lost, and serves later ones", async () => {
    const { payer, payee } = await world(100n);
    const gone = openDatabase(appUrl, { max: 1, name: "cauris gone" });
    await closeDatabase(gone);
    let retries = 0;
    const counted = new Proxy(gone, {
      get: (target, name) => {
        if (name === "transaction") retries += 1;
        return Reflect.get(target, name);
      },
    });
    const poster = createGroupedPoster(counted);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => poster.post(draft(payer, payee, 1n))),
    );
    expect(results.every((result) => result.status === "rejected")).toBe(true);
    expect(retries).toBe(0);
    await expect(poster.post(draft(payer, payee, 1n))).rejects.toThrow();
    expect(await balanceOf(payee)).toBe(0n);
  });
});
