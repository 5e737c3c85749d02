import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { collect } from "@/e2e/support/collect";
import { useDatabase } from "@/e2e/support/database";
import { balanceAfter, fillAccount } from "@/e2e/support/long-account";
import { createUser, fundWallet } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import {
  type AccountRange,
  findRanges,
  readRange,
  type StatementRow,
  sizeOfRange,
  totalsOfRange,
} from "./account-range";
import { openAccounts } from "./accounts";
import { chart, type LedgerAccount } from "./chart";
import { postEntriesAtOnce } from "./post";

const { db, owner } = await useDatabase();

async function rowsOf(range: AccountRange): Promise<StatementRow[]> {
  return (await collect(readRange(db, range))).flat();
}

async function rangeOf(account: LedgerAccount, since: Date, before: Date): Promise<AccountRange> {
  const [range] = await findRanges(db, [account], { since, before });
  if (!range) throw new Error("a range for each account");
  return range;
}

/** What a range must hold: its rows by their own times, straight from the ledger's table. */
async function written(address: string): Promise<{ at: number; signed: bigint; balance: bigint }[]> {
  const rows = await owner<{ micros: string; signed: string; balance: string }[]>`
    select floor(extract(epoch from p.recorded_at) * 1000000)::text as micros,
      case when p.to_account = a.id then p.amount else -p.amount end as signed,
      case when p.to_account = a.id then p.to_balance else p.from_balance end as balance
    from ledger_accounts a join ledger_postings p on a.id in (p.from_account, p.to_account)
    where a.address = ${address} order by case when p.to_account = a.id then p.to_version else p.from_version end`;
  return rows.map(({ micros, signed, balance }) => ({
    at: Number(BigInt(micros) / 1000n),
    signed: BigInt(signed),
    balance: BigInt(balance),
  }));
}

function expectSame(
  range: AccountRange,
  rows: StatementRow[],
  all: Awaited<ReturnType<typeof written>>,
  since: Date,
  before: Date,
) {
  const inside = all.filter(({ at }) => at >= since.getTime() && at < before.getTime());
  expect(range.openingMinor).toBe(all.findLast(({ at }) => at < since.getTime())?.balance ?? 0n);
  expect(range.closingMinor).toBe(all.findLast(({ at }) => at < before.getTime())?.balance ?? 0n);
  expect(rows.map(({ signedAmount }) => signedAmount)).toEqual(inside.map(({ signed }) => signed));
  expect(rows.map(({ balanceAfter: after }) => after)).toEqual(inside.map(({ balance }) => balance));
  expect(sizeOfRange(range)).toBe(BigInt(inside.length));
}

describe("a range of an account", () => {
  it("opens and closes with the ledger's own balances, for random histories and ranges", async () => {
    const step = fc.record({ amount: fc.bigInt({ min: 1n, max: 1_000n }), isIn: fc.boolean() });
    const histories = fc.array(fc.array(step, { minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(histories, fc.infiniteStream(fc.nat()), async (lists, picks) => {
        const walletId = BigInt(Math.floor(Math.random() * 1e15)) + 10n ** 16n;
        const [account, other] = [chart.available(walletId, "XOF"), chart.clearing(`test${newKey()}`, "XOF")];
        await inTransaction(db, (tx) => openAccounts(tx, [account, other]));
        for (const list of lists) {
          await postEntriesAtOnce(
            db,
            list.map(({ amount, isIn }) => ({
              source: `range/${newKey()}`,
              step: isIn ? "credit" : "reserve",
              occurredAt: new Date(),
              postings: [
                { from: isIn ? other : account, to: isIn ? account : other, amount: money(amount, "XOF") },
              ],
            })),
          );
        }
        const all = await written(account.address);
        const [first = 0, last = 0] = [all[0]?.at, all.at(-1)?.at];
        for (let time = 0; time < 8; time += 1) {
          const pick = () => first - 2 + ((picks.next().value ?? 0) % (last - first + 5));
          const [one, two] = [pick(), pick()];
          const [since, before] = [new Date(Math.min(one, two)), new Date(Math.max(one, two))];
          const range = await rangeOf(account, since, before);
          expectSame(range, await rowsOf(range), all, since, before);
          const { inMinor, outMinor } = await totalsOfRange(db, range);
          expect(range.closingMinor).toBe(range.openingMinor + inMinor - outMinor);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("of several pages is read whole, each posting once", async () => {
    const { walletId } = await createUser(db);
    const account = chart.available(walletId, "XOF");
    const first = new Date("2026-01-01T00:00:00Z");
    await fillAccount(owner, account, { count: 2_345, first, stepSeconds: 60 });
    const range = await rangeOf(account, new Date(first.getTime() + 60_000 * 100), new Date("2030-01-01"));
    expect(range).toMatchObject({
      openingVersion: 100n,
      openingMinor: balanceAfter(100),
      closingVersion: 2_345n,
    });
    const pages = await collect(readRange(db, range));
    expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 245]);
    expect((await rowsOf(range)).at(-1)?.balanceAfter).toBe(balanceAfter(2_345));
  });

  it("of an account that was never opened is empty", async () => {
    const range = await rangeOf(chart.available(10n ** 17n, "XOF"), new Date(0), new Date());
    expect([range.openingMinor, range.closingMinor, sizeOfRange(range)]).toEqual([0n, 0n, 0n]);
    expect(await rowsOf(range)).toEqual([]);
    expect(await totalsOfRange(db, range)).toEqual({ inMinor: 0n, outMinor: 0n });
  });

  it("stays as it was read while money moves", async () => {
    const { walletId } = await createUser(db);
    await fundWallet(db, walletId, money(1_000n, "XOF"));
    const account = chart.available(walletId, "XOF");
    const other = chart.clearing(`test${newKey()}`, "XOF");
    await inTransaction(db, (tx) => openAccounts(tx, [other]));
    let isDone = false;
    const post = async () => {
      while (!isDone) {
        const source = `moving/${newKey()}`;
        const postings = [
          { from: other, to: account, amount: money(3n, "XOF") },
          { from: account, to: other, amount: money(2n, "XOF") },
        ];
        await postEntriesAtOnce(db, [{ source, step: "credit", occurredAt: new Date(), postings }]);
      }
    };
    const posting = [post(), post(), post()];
    try {
      for (let time = 0; time < 40; time += 1) await expectConsistent(account);
    } finally {
      isDone = true;
      await Promise.all(posting);
    }
  });
});

async function expectConsistent(account: LedgerAccount): Promise<void> {
  const range = await rangeOf(account, new Date(0), new Date("2100-01-01"));
  const rows = await rowsOf(range);
  const sum = rows.reduce((total, { signedAmount }) => total + signedAmount, 0n);
  expect(range.openingMinor + sum).toBe(range.closingMinor);
  expect(rows.length).toBe(Number(sizeOfRange(range)));
}
