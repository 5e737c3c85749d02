import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inTransaction, preparedSql } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { balanceAfter, fillAccount } from "@/e2e/support/long-account";
import { InvariantError } from "@/lib/invariant";
import { money } from "@/lib/money/money";
import { openAccounts } from "./accounts";
import { balancesAt } from "./balance-history";
import type { LedgerAccount } from "./chart";
import { postEntry } from "./post";

const { db, owner } = await useDatabase();
const FIRST = new Date("2026-01-01T00:00:00.000Z");
const HOUR_MS = 3_600_000;

const account = (minimumBalance: bigint | null = 0n): LedgerAccount => ({
  address: `test/${randomUUID()}`,
  currency: "XOF",
  minimumBalance,
});

const amountsAt = async (of: LedgerAccount, instants: readonly (Date | null)[]): Promise<bigint[]> =>
  (await balancesAt(db, of, instants)).map(({ amountMinor }) => amountMinor);

describe("the balances of an account at past instants", () => {
  it("are the running balances of the ledger: those of the last posting recorded before each instant", async () => {
    const count = 40;
    const filled = account();
    await fillAccount(owner, filled, { count, first: FIRST, stepSeconds: 3_600 });
    // Quarters of hours: at a posting, and between two.
    const offset = fc.integer({ min: -8, max: 4 * count + 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(offset, { maxLength: 20 }), async (offsets) => {
        const ascending = offsets.toSorted((one, other) => one - other);
        const instants = ascending.map((quarters) => new Date(FIRST.getTime() + (quarters * HOUR_MS) / 4));
        const written = await owner<{ balance: string }[]>`
          select coalesce((
            select case when p.to_account = a.id then p.to_balance else p.from_balance end from ledger_postings p
            where a.id in (p.from_account, p.to_account) and p.recorded_at < m.instant
            order by p.recorded_at desc limit 1), 0) as balance
          from ledger_accounts a, unnest(${instants.map((each) => each.toISOString())}::text[]::timestamptz[])
            with ordinality m(instant, position)
          where a.address = ${filled.address} order by m.position`;
        expect(await amountsAt(filled, instants)).toEqual(written.map(({ balance }) => BigInt(balance)));
      }),
      { numRuns: 40 },
    );
    expect(await amountsAt(filled, [null])).toEqual([balanceAfter(count)]);
  });

  it("leave out what was recorded at the very instant, and hold the microsecond before it", async () => {
    const filled = account();
    await fillAccount(owner, filled, { count: 1, first: FIRST, stepSeconds: 1 });
    const after = new Date(FIRST.getTime() + 1);
    expect(await amountsAt(filled, [FIRST, after, null])).toEqual([0n, 10n, 10n]);
  });

  it("follow what the posting function writes, up to now", async () => {
    const [source, filled] = [account(null), account()];
    const before = new Date(Date.now() - HOUR_MS);
    await inTransaction(db, (tx) => openAccounts(tx, [source, filled]));
    for (const amount of [30n, 12n]) {
      const postings = [{ from: source, to: filled, amount: money(amount, "XOF") }];
      const entry = { source: randomUUID(), step: "test", occurredAt: before, postings } as const;
      await inTransaction(db, (tx) => postEntry(tx, entry));
    }
    expect(await amountsAt(filled, [before, null])).toEqual([0n, 42n]);
  });

  it("are zero for an account that was never opened or never moved", async () => {
    const [missing, empty] = [account(), account()];
    await inTransaction(db, (tx) => openAccounts(tx, [empty]));
    expect(await amountsAt(missing, [FIRST, null])).toEqual([0n, 0n]);
    expect(await amountsAt(empty, [FIRST, null])).toEqual([0n, 0n]);
    expect(await amountsAt(empty, [])).toEqual([]);
  });

  it("aren't read of derived accounts, nor at more instants than a picture has", async () => {
    await expect(balancesAt(db, account(null), [null])).rejects.toThrow(InvariantError);
    await expect(balancesAt(db, account(), Array(121).fill(FIRST))).rejects.toThrow(InvariantError);
    const descending = [FIRST, new Date(FIRST.getTime() - 1)];
    await expect(balancesAt(db, account(), descending)).rejects.toThrow(InvariantError);
    await expect(balancesAt(db, account(), [null, FIRST])).rejects.toThrow(InvariantError);
  });

  it("cost a few look-ups each, however long the account's history is", async () => {
    const count = 20_000;
    const filled = account();
    await fillAccount(owner, filled, { count, first: FIRST, stepSeconds: 900 });
    await owner`analyze ledger_postings`;
    const instants = Array.from({ length: 92 }, (_, day) => new Date(FIRST.getTime() + day * 24 * HOUR_MS));
    const read = await inTransaction(db, async (tx) => {
      const countReads = async (): Promise<number> => {
        const [row] = await preparedSql(tx)<{ reads: string }[]>`
          select sum(pg_stat_get_xact_tuples_returned(c.oid)) as reads from pg_class c
          left join pg_index i on i.indexrelid = c.oid
          where coalesce(i.indrelid, c.oid) = 'ledger_postings'::regclass`;
        return Number(row?.reads);
      };
      const before = await countReads();
      const balances = await balancesAt(tx, filled, instants);
      expect(balances.at(-1)?.amountMinor).toBe(balanceAfter(91 * 96));
      return (await countReads()) - before;
    });
    // Seven steps halve the moments; 20,000 versions over 92 moments are some 217 each, which eight more steps halve.
    expect(read).toBeLessThanOrEqual(instants.length * 11);
  });
});
