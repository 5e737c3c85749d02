import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import type { DomainError } from "@/lib/errors";
import { InvariantError } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { getBalances } from "./balances";
import type { LedgerAccount } from "./chart";
import { rollCheckpoints } from "./checkpoints";
import type { EntryDraft } from "./draft";
import { postEntries, postEntry } from "./post";
import { listStatement } from "./statement";

const { db, owner } = await useDatabase();

const materialized = (): LedgerAccount => ({
  address: `test/${randomUUID()}`,
  currency: "XOF",
  minimumBalance: 0n,
});
const derived = (): LedgerAccount => ({
  address: `test/${randomUUID()}`,
  currency: "XOF",
  minimumBalance: null,
});

function draft(
  from: LedgerAccount,
  to: LedgerAccount,
  amountMinor: bigint,
  source = randomUUID(),
): EntryDraft {
  const postings = [{ from, to, amount: money(amountMinor, from.currency) }];
  return { source, step: "test", occurredAt: new Date(), postings };
}

const post = (entry: EntryDraft) => inTransaction(db, (tx) => postEntry(tx, entry));
const inOne = <T>(work: (tx: Transaction) => Promise<T>) => inTransaction(db, work);

async function balanceOf(account: LedgerAccount): Promise<bigint> {
  const [balance] = await getBalances(db, [account]);
  return balance?.amountMinor ?? -1n;
}

/** A source that may go below zero, and `count` materialized accounts with `each` on them. */
async function world(count: number, each: bigint) {
  const source = derived();
  const accounts = Array.from({ length: count }, materialized);
  await inOne((tx) => openAccounts(tx, [source, ...accounts]));
  if (each > 0n) for (const account of accounts) await post(draft(source, account, each));
  return { source, accounts: accounts as [LedgerAccount, LedgerAccount, ...LedgerAccount[]] };
}

describe("posting", () => {
  it("moves money from one account to another, once", async () => {
    const { accounts } = await world(2, 100n);
    const entry = draft(accounts[0], accounts[1], 30n);
    expect(await post(entry)).toBe(true);
    expect(await post(entry)).toBe(false);
    expect([await balanceOf(accounts[0]), await balanceOf(accounts[1])]).toEqual([70n, 130n]);
  });

  it("refuses to go below the minimum balance and changes nothing (invariant 2)", async () => {
    const { accounts } = await world(2, 100n);
    const refused = post(draft(accounts[0], accounts[1], 101n));
    await expect(refused).rejects.toMatchObject({
      code: "insufficient_funds",
    } satisfies Partial<DomainError>);
    expect([await balanceOf(accounts[0]), await balanceOf(accounts[1])]).toEqual([100n, 100n]);
  });

  it("answers each entry of a list for itself: a refused one doesn't fail the others", async () => {
    const { accounts } = await world(2, 100n);
    const [a, b] = accounts;
    const missing = materialized();
    const foreign: LedgerAccount = { ...materialized(), currency: "NGN" };
    await inOne((tx) => openAccounts(tx, [foreign]));
    const first = draft(a, b, 60n);
    const verdicts = await inOne((tx) =>
      postEntries(tx, [
        first,
        draft(a, b, 60n),
        draft(b, a, 160n),
        draft(a, missing, 1n),
        { ...draft(a, b, 1n), postings: [{ from: a, to: foreign, amount: money(1n, "XOF") }] },
        draft(a, b, 200n),
      ]),
    );
    expect(verdicts.map((verdict) => verdict.verdict)).toEqual([
      "posted",
      "insufficient_funds",
      "posted",
      "unknown_account",
      "currency_mismatch",
      "posted",
    ]);
    expect([await balanceOf(a), await balanceOf(b)]).toEqual([0n, 200n]);
    const again = await inOne((tx) => postEntries(tx, [first, { ...first, step: "other" }]));
    expect(again.map((verdict) => verdict.verdict)).toEqual(["duplicate", "insufficient_funds"]);
  });

  it("takes back all postings of an entry whose last one is refused", async () => {
    const { accounts } = await world(3, 50n);
    const [a, b] = accounts;
    const c = accounts[2] ?? a;
    const entry: EntryDraft = {
      ...draft(a, b, 50n),
      postings: [
        { from: a, to: b, amount: money(50n, "XOF") },
        { from: b, to: c, amount: money(100n, "XOF") },
        { from: a, to: c, amount: money(1n, "XOF") },
      ],
    };
    const [verdict] = await inOne((tx) => postEntries(tx, [entry, draft(c, a, 50n)]));
    expect(verdict?.verdict).toBe("insufficient_funds");
    expect([await balanceOf(a), await balanceOf(b), await balanceOf(c)]).toEqual([100n, 50n, 0n]);
  });

  it("tells a replay from an entry of the same name with other postings", async () => {
    const { accounts } = await world(2, 100n);
    const entry = draft(accounts[0], accounts[1], 10n);
    await post(entry);
    const other = { ...draft(accounts[0], accounts[1], 11n), source: entry.source };
    await expect(post(other)).rejects.toBeInstanceOf(InvariantError);
    const [verdict] = await inOne((tx) => postEntries(tx, [other]));
    expect(verdict?.verdict).toBe("mismatch");
  });

  it.each([
    ["an address twice", (a: string, b: string) => [a, a, b].sort()],
    ["addresses out of order", (a: string, b: string) => [a, b].sort().reverse()],
    ["a missing address between", (a: string) => [a, null, a]],
  ])("refuses a list with %s", async (_, addresses) => {
    const { accounts } = await world(2, 100n);
    const list = addresses(accounts[0].address, accounts[1].address);
    const call = db.$client`select ledger_post(${list}, ${["s"]}, ${["t"]}, ${["2026-01-01"]}::text[]::timestamptz[],
      ${[null]}::bigint[], ${[1]}, ${[1]}, ${[2]}, ${["XOF"]}, ${["5"]})`;
    await expect(call).rejects.toMatchObject({ code: "22023" });
  });

  it("opens an account once, and refuses to open it with another currency or minimum balance", async () => {
    const account = materialized();
    await inOne((tx) => openAccounts(tx, [account]));
    await inOne((tx) => openAccounts(tx, [account]));
    await expect(inOne((tx) => openAccounts(tx, [{ ...account, minimumBalance: null }]))).rejects.toThrow();
    await expect(inOne((tx) => openAccounts(tx, [{ ...account, currency: "NGN" }]))).rejects.toThrow();
  });

  it("rolls back with the transaction it is in", async () => {
    const { accounts } = await world(2, 100n);
    const failing = inOne(async (tx) => {
      await postEntry(tx, draft(accounts[0], accounts[1], 10n));
      throw new Error("later");
    });
    await expect(failing).rejects.toThrow("later");
    expect(await balanceOf(accounts[0])).toBe(100n);
  });
});

describe("races", () => {
  it("of 30 concurrent postings on a balance for 10 exactly 10 win, and nothing is overdrawn", async () => {
    const { accounts } = await world(2, 100n);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => post(draft(accounts[0], accounts[1], 10n))),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "insufficient_funds" });
    }
    expect([await balanceOf(accounts[0]), await balanceOf(accounts[1])]).toEqual([0n, 200n]);
  });

  it("the same race overdraws when the lock is taken away", async () => {
    // The posting function as it is, on tables of its own, but for the lock and the nets below it: CHECK and versions.
    // Where it has read the balances it waits at a gate, which opens when both spenders stand there.
    const gate = 4_242;
    const [source] = await owner<{ text: string }[]>`
      select pg_get_functiondef('ledger_post'::regproc) as text`;
    const unlocked = (source?.text ?? "")
      .replace("FUNCTION public.ledger_post(", "FUNCTION public.ledger_post_unlocked(")
      .replace("order by id for no key update", "order by id")
      .replaceAll("ledger_accounts", "naive_accounts")
      .replace("insert into ledger_entries", "insert into naive_entries")
      .replace("insert into ledger_postings", "insert into naive_postings")
      .replace("moment := greatest", `perform pg_advisory_xact_lock_shared(${gate}); moment := greatest`);
    await owner.unsafe(`drop table if exists naive_accounts, naive_entries, naive_postings cascade;
      create table naive_accounts as select * from ledger_accounts where false;
      create table naive_entries (like ledger_entries including identity);
      create table naive_postings as select * from ledger_postings where false`);
    await owner.unsafe(unlocked);
    const name = randomUUID();
    await owner`insert into naive_accounts (id, address, currency, minimum_balance, balance, version) values
      (1, ${`a/${name}`}, 'XOF', 0, 100, 0), (2, ${`b/${name}`}, 'XOF', 0, 0, 0)`;
    const spend = () => owner<{ verdicts: string[] }[]>`
      select verdicts from ledger_post_unlocked(${[`a/${name}`, `b/${name}`]}, ${[randomUUID()]}, ${["race"]},
        ${["2026-01-01"]}::text[]::timestamptz[], ${[null]}::bigint[], ${[1]}, ${[1]}, ${[2]}, ${["XOF"]}, ${["60"]})`;
    const keeper = await db.$client.reserve();
    await keeper`select pg_advisory_lock(${gate})`;
    // One has the money for one of them; without the lock both see it.
    const racing = Promise.all([spend(), spend()]);
    await expect
      .poll(async () => {
        const waiting =
          await keeper`select from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted
          and database = (select oid from pg_database where datname = current_database())`;
        return waiting.length;
      })
      .toBe(2);
    await keeper`select pg_advisory_unlock(${gate})`;
    keeper.release();
    const winners = (await racing).filter(([row]) => row?.verdicts[0] === "posted");
    await owner.unsafe(
      "drop function ledger_post_unlocked; drop table naive_accounts, naive_entries, naive_postings",
    );
    expect(winners).toHaveLength(2);
  });

  it("opposite transfers between the same accounts end without a deadlock (invariant 10)", async () => {
    const { accounts } = await world(2, 1_000n);
    const [a, b] = accounts;
    const deadlocks = async () => {
      const [row] = await owner<{ deadlocks: string }[]>`
        select deadlocks from pg_stat_database where datname = current_database()`;
      return row?.deadlocks;
    };
    const before = await deadlocks();
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => post(index % 2 === 0 ? draft(a, b, 3n) : draft(b, a, 3n))),
    );
    await owner`select pg_stat_clear_snapshot()`;
    expect(await deadlocks()).toBe(before);
    expect((await balanceOf(a)) + (await balanceOf(b))).toBe(2_000n);
  });

  it("30 posters of one (source, step): it posts once (invariant 4)", async () => {
    const { source, accounts } = await world(2, 0n);
    const name = randomUUID();
    // Each posts to an account of its own choice, so that no common lock helps.
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => post(draft(source, accounts[0], 10n, name))),
    );
    const posted = results.filter((result) => result.status === "fulfilled" && result.value);
    expect(posted).toHaveLength(1);
    expect(await balanceOf(accounts[0])).toBe(10n);
  });
});

describe("append-only", () => {
  const asApplication = (text: string) => db.$client.unsafe(text);

  it.each([
    "update ledger_postings set amount = 1",
    "delete from ledger_postings",
    "truncate ledger_postings",
    "insert into ledger_postings (entry_id, position, from_account, to_account, currency, amount, recorded_at) values (1, 1, 1, 2, 'XOF', 1, now())",
    "update ledger_entries set step = 'x'",
    "delete from ledger_entries",
    "truncate ledger_entries",
    "insert into ledger_entries (source, step, occurred_at, recorded_at) values ('x', 'y', now(), now())",
    "update ledger_accounts set balance = 1000000",
    "delete from ledger_accounts",
    "insert into ledger_accounts (address, currency) values ('a/b', 'XOF')",
    "insert into ledger_checkpoints (account_id, entry_id, balance) values (1, 1, 1)",
    "alter table ledger_postings disable trigger all",
    "set session_replication_role = replica",
    "update operation_events set reason = 'x'",
    "delete from operation_events",
  ])("the application's role may not %s", async (statement) => {
    await expect(asApplication(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it.each([
    "update ledger_postings set amount = 1",
    "delete from ledger_entries",
    "truncate ledger_entries",
    "delete from ledger_accounts",
    "update ledger_accounts set currency = 'NGN'",
  ])("the owner may not either, without disabling a trigger: %s", async (statement) => {
    await world(2, 10n);
    await expect(owner.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it("an entry is reversed once at most", async () => {
    const { accounts } = await world(2, 100n);
    const [verdict] = await inOne((tx) => postEntries(tx, [draft(accounts[0], accounts[1], 10n)]));
    const reverses = verdict?.entryId ?? 0n;
    const reversal = () => ({ ...draft(accounts[1], accounts[0], 10n), reversesEntryId: reverses });
    await post(reversal());
    await expect(post(reversal())).rejects.toThrow();
    expect(await balanceOf(accounts[0])).toBe(100n);
  });
});

describe("reading", () => {
  it("a derived account's balance is exact before and after each checkpoint", async () => {
    const { source, accounts } = await world(2, 70n);
    expect(await balanceOf(source)).toBe(-140n);
    await rollCheckpoints(db);
    expect(await balanceOf(source)).toBe(-140n);
    await post(draft(accounts[0], source, 20n));
    expect(await balanceOf(source)).toBe(-120n);
    await rollCheckpoints(db);
    await rollCheckpoints(db);
    expect(await balanceOf(source)).toBe(-120n);
  });

  it("checkpoints during postings lose none of them", async () => {
    const { source, accounts } = await world(2, 0n);
    const posting = Promise.all(
      Array.from({ length: 120 }, (_, index) => post(draft(source, accounts[index % 2] ?? accounts[0], 1n))),
    );
    for (let round = 0; round < 5; round += 1) await rollCheckpoints(db);
    await posting;
    await rollCheckpoints(db);
    expect(await balanceOf(source)).toBe(-120n);
  });

  it("answers the balance at any past time", async () => {
    const { source, accounts } = await world(2, 0n);
    const moments: { at: Date; balance: bigint }[] = [{ at: new Date(), balance: 0n }];
    let balance = 0n;
    for (const amount of [5n, 7n, 11n, 13n, 17n]) {
      await post(draft(source, accounts[0], amount));
      balance += amount;
      const { rows } = await listStatement(db, accounts[0], { limit: 1 });
      moments.push({ at: new Date((rows[0]?.recordedAt.getTime() ?? 0) + 1), balance });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const { at, balance: expected } of moments) {
      const [row] = await db.$client<{ balance: string }[]>`
        select ledger_balance_at(id, ${at.toISOString()}) as balance from ledger_accounts
        where address = ${accounts[0].address}`;
      expect(BigInt(row?.balance ?? -1)).toBe(expected);
    }
  });

  it("pages an account's statement by keyset without gap or repeat", async () => {
    const { source, accounts } = await world(2, 100n);
    for (let index = 0; index < 12; index += 1) {
      await post(index % 3 === 0 ? draft(accounts[0], accounts[1], 1n) : draft(source, accounts[0], 2n));
    }
    // One at a time ends a page at each kind of posting.
    for (const limit of [5, 1]) {
      const seen: bigint[] = [];
      let before: bigint | null = null;
      do {
        const page = await listStatement(db, accounts[0], { before, limit });
        seen.push(...page.rows.map((row) => row.version));
        const [newest] = page.rows;
        if (before === null) expect(newest?.balanceAfter).toBe(await balanceOf(accounts[0]));
        before = page.next;
      } while (before !== null && seen.length < 20);
      expect(seen).toEqual(Array.from({ length: 13 }, (_, index) => BigInt(13 - index)));
    }
  });
});
