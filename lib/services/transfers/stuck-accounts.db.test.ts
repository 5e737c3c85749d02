import { afterAll, describe, expect, it } from "vitest";
import { trackCommits } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { openSeveralDatabases } from "@/e2e/support/several-databases";
import { runVerb } from "@/lib/http/request-context";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { sendTransfer } from "./send-transfer";
import { sendTransfers } from "./send-transfers";

const { owner, appUrl } = await useDatabase();
// Less than the application's five seconds: a list that meets a stuck account for the first time waits so long.
const LOCK_TIMEOUT_MS = 2_000;
const pool = await openSeveralDatabases(appUrl, { count: 12, name: "cauris stuck accounts" });
await pool.everywhere(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
const db = pool.rewritten((text) => text);
afterAll(() => pool.close());

async function funded(): Promise<TestUser> {
  const user = await createUser(db);
  await fundWallet(db, user.walletId, money(1_000n, "XOF"));
  return user;
}

const send = (from: TestUser, to: TestUser) =>
  sendTransfer(from.context, { walletNumber: to.walletNumber, amount: money(1n, "XOF") });

async function balanceOf({ walletId }: TestUser): Promise<bigint | undefined> {
  return (await getBalances(db, [chart.available(walletId, "XOF")]))[0]?.amountMinor;
}

/** Holds the account of a wallet as a stuck transaction does, while `work` runs. */
async function whileLocked({ walletId }: TestUser, work: () => Promise<void>): Promise<void> {
  await owner.begin(async (sql) => {
    const { address } = chart.available(walletId, "XOF");
    await sql`select from ledger_accounts where address = ${address} for update`;
    await work();
  });
}

async function timed(work: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work;
  return performance.now() - from;
}

describe("an account that a stuck transaction holds", () => {
  it("delays transfers of others once, however many wait for it, and its own are refused", async () => {
    const [stuck, payee] = [await funded(), await funded()];
    const others = await Promise.all(Array.from({ length: 8 }, funded));
    await whileLocked(stuck, async () => {
      const refused = Promise.allSettled(others.slice(0, 5).map((from) => send(from, stuck)));
      const together = timed(Promise.all(others.map((from) => send(from, payee))));
      expect(await together).toBeLessThan(LOCK_TIMEOUT_MS + 2_500);

      // The process knows by now which accounts to keep out of its lists.
      const again = Promise.allSettled(others.slice(0, 5).map((from) => send(from, stuck)));
      expect(await timed(Promise.all(others.slice(5).map((from) => send(from, payee))))).toBeLessThan(1_500);
      for (const outcome of [...(await refused), ...(await again)]) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
      }
    });
    expect(await balanceOf(stuck)).toBe(1_000n);
    await Promise.all(others.map((from) => send(from, stuck)));
    expect(await balanceOf(stuck)).toBe(1_008n);
    expect(await balanceOf(payee)).toBe(1_011n);
  });
});

describe("a list with an account that a stuck transaction holds", () => {
  it("is answered as nothing done, like a single transfer", async () => {
    const [stuck, payee] = [await funded(), await funded()];
    const transfers = [{ walletNumber: payee.walletNumber, amount: money(1n, "XOF") }];
    const context = { ...stuck.context, db: trackCommits(db) };
    await whileLocked(stuck, async () => {
      const send = runVerb(context, { isRead: false }, () => sendTransfers(context, { transfers }));
      await expect(send).rejects.toMatchObject({ code: "unavailable" });
    });
    expect(await balanceOf(stuck)).toBe(1_000n);
  });
});
