import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { closeDatabase, type Database, openDatabase } from "@/db/client";
import { useDatabase } from "@/db/testing/database";
import { inTransaction } from "@/db/transaction";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { getBalances } from "./balances";
import type { LedgerAccount } from "./chart";
import type { EntryDraft } from "./draft";
import { createGroupedPoster } from "./group-posts";
import { postEntry } from "./post";
import type { Verdict } from "./store";

const { db, appUrl } = await useDatabase();

const tracked = (): LedgerAccount => ({ address: `test/${randomUUID()}`, currency: "XOF", floor: 0n });

function draft(from: LedgerAccount, to: LedgerAccount, amountMinor: bigint): EntryDraft {
  const movements = [{ from, to, amount: money(amountMinor, from.currency) }];
  return { source: randomUUID(), step: "test", occurredAt: new Date(), movements };
}

async function balanceOf(account: LedgerAccount): Promise<bigint> {
  const [balance] = await getBalances(db, [account]);
  return balance?.amountMinor ?? -1n;
}

/** A payer with `funds` and a payee with nothing. */
async function world(funds: bigint) {
  const source: LedgerAccount = { ...tracked(), floor: null };
  const [payer, payee] = [tracked(), tracked()];
  await inTransaction(db, (tx) => openAccounts(tx, [source, payer, payee]));
  await inTransaction(db, (tx) => postEntry(tx, draft(source, payer, funds)));
  return { payer, payee };
}

/** A handle on `target` that counts its transactions and calls `beforeCommit` in each. */
function watch(target: Database, beforeCommit: () => Promise<void> = async () => {}) {
  let transactions = 0;
  const transaction: Database["transaction"] = (work, config) => {
    transactions += 1;
    return target.transaction(async (tx) => {
      const result = await work(tx);
      await beforeCommit();
      return result;
    }, config);
  };
  const watched = new Proxy(target, {
    get: (_, name) => (name === "transaction" ? transaction : Reflect.get(target, name)),
  });
  return { watched, transactions: () => transactions };
}

const verdictsOf = (verdicts: Verdict[]) => verdicts.map(({ verdict }) => verdict);
const count = (verdicts: Verdict[], code: string) => verdictsOf(verdicts).filter((v) => v === code).length;

describe("a grouped poster", () => {
  it("200 at once on a balance that suffices for 150: exactly 150 are posted", async () => {
    const { payer, payee } = await world(1_500n);
    const { watched, transactions } = watch(db);
    const poster = createGroupedPoster(watched);
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, () => poster.post(draft(payer, payee, 10n))),
    );
    expect(count(verdicts, "posted")).toBe(150);
    expect(count(verdicts, "insufficient_funds")).toBe(50);
    expect([await balanceOf(payer), await balanceOf(payee)]).toEqual([0n, 1_500n]);
    expect(transactions()).toBe(1);
  });

  it("bounds a list, and the first who waits goes first", async () => {
    const { payer, payee } = await world(1_500n);
    const { watched, transactions } = watch(db);
    const poster = createGroupedPoster(watched, { listMax: 40 });
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, () => poster.post(draft(payer, payee, 10n))),
    );
    expect(verdictsOf(verdicts)).toEqual([
      ...Array.from({ length: 150 }, () => "posted"),
      ...Array.from({ length: 50 }, () => "insufficient_funds"),
    ]);
    expect(transactions()).toBe(5);
  });

  it("sends those who ask while a list commits together, as the next list", async () => {
    const { payer, payee } = await world(100n);
    const late: Promise<Verdict>[] = [];
    const { watched, transactions } = watch(db, async () => {
      if (late.length > 0) return;
      for (let index = 0; index < 20; index += 1) late.push(poster.post(draft(payer, payee, 1n)));
    });
    const poster = createGroupedPoster(watched);
    await poster.post(draft(payer, payee, 1n));
    expect(count(await Promise.all(late), "posted")).toBe(20);
    expect(transactions()).toBe(2);
    expect(await balanceOf(payee)).toBe(21n);
  });

  it("answers nobody before the commit", async () => {
    const { payer, payee } = await world(100n);
    let answered = 0;
    const beforeCommit: { answered: number; balance: bigint }[] = [];
    const { watched } = watch(db, async () => {
      // Read over another connection, which leaves every answer the time to arrive.
      const balance = await balanceOf(payee);
      beforeCommit.push({ answered, balance });
    });
    const poster = createGroupedPoster(watched);
    const asked = Array.from({ length: 10 }, async () => {
      await poster.post(draft(payer, payee, 1n));
      answered += 1;
    });
    await Promise.all(asked);
    expect(beforeCommit).toEqual([{ answered: 0, balance: 0n }]);
    expect([answered, await balanceOf(payee)]).toEqual([10, 10n]);
  });

  it("a poison entry fails alone", async () => {
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
    const verdicts = await Promise.all([entry, entry, other, entry].map((one) => poster.post(one)));
    expect(verdictsOf(verdicts)).toEqual(["posted", "duplicate", "mismatch", "duplicate"]);
    expect(new Set(verdicts.map(({ entryId }) => entryId)).size).toBe(1);
    expect(await balanceOf(payee)).toBe(10n);
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

  it("rejects all who wait when the database is gone, and works for those who come later", async () => {
    const { payer, payee } = await world(100n);
    const gone = openDatabase(appUrl, { max: 1, name: "cauris gone" });
    const { watched, transactions } = watch(gone);
    await closeDatabase(gone);
    const poster = createGroupedPoster(watched);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => poster.post(draft(payer, payee, 1n))),
    );
    expect(results.every((result) => result.status === "rejected")).toBe(true);
    expect(transactions()).toBe(1);
    await expect(poster.post(draft(payer, payee, 1n))).rejects.toThrow();
    expect(await balanceOf(payee)).toBe(0n);
  });
});
