import type { Sql } from "postgres";
import { describe, expect, it } from "vitest";
import { type Database, hasCommitted, trackCommits } from "@/db/client";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey, newWalletNumber } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { limiterOf } from "../rate-limits/store";
import { sendTransfer } from "./send-transfer";
import { sendTransfers } from "./send-transfers";

const { db, owner } = await useDatabase();

const xof = (amountMinor: bigint) => money(amountMinor, "XOF");

async function balanceOf(user: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(user.walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function pair(funds: bigint): Promise<{ sender: TestUser; recipient: TestUser }> {
  const sender = await createUser(db);
  const recipient = await createUser(db);
  await fundWallet(db, sender.walletId, xof(funds));
  return { sender, recipient };
}

/** The pool, whose statements fail with `code` when `fails` says so: before they are sent, or after they committed. */
function failing(code: string, when: "before" | "after", fails: () => boolean): Database {
  const $client = async (...statement: Parameters<Sql>) => {
    const isFailing = fails();
    const lost = Object.assign(new Error("the connection is gone"), { code });
    if (isFailing && when === "before") throw lost;
    const answer = await db.$client(...statement);
    if (isFailing) throw lost;
    return answer;
  };
  return { $client } as unknown as Database;
}

const times = (count: number) => {
  let left = count;
  return () => left-- > 0;
};

it("each request that sends is told of its commit, and all share what is kept once a pool", async () => {
  const { sender, recipient } = await pair(100n);
  const transfer = { walletNumber: recipient.walletNumber, amount: xof(10n) };
  const handles = Array.from({ length: 3 }, () => trackCommits(db));
  await Promise.all(handles.slice(1).map((each) => sendTransfer({ ...sender.context, db: each }, transfer)));
  expect(handles.map(hasCommitted)).toEqual([false, true, true]);
  const [unused = db] = handles;
  await sendTransfers({ ...sender.context, db: unused }, { transfers: [transfer] });
  expect(hasCommitted(unused)).toBe(true);
  const limit = { points: 5, seconds: 60 };
  expect(limiterOf(unused, "one_a_pool", limit)).toBe(limiterOf(db, "one_a_pool", limit));
});

describe("when the answer of the database is lost", () => {
  it.each([["with a key", true] as const, ["without one", false] as const])(
    "a transfer %s that was committed is sent again and moves once",
    async (_, isKeyed) => {
      const { sender, recipient } = await pair(100n);
      const context = { ...sender.context, db: failing("ECONNRESET", "after", times(2)) };
      const sent = await Promise.all(
        Array.from({ length: 5 }, () =>
          sendTransfer(context, {
            walletNumber: recipient.walletNumber,
            amount: xof(10n),
            key: isKeyed ? newKey() : null,
          }),
        ),
      );
      expect(new Set(sent.map(({ reference }) => reference)).size).toBe(5);
      expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([50n, 50n]);
    },
  );

  it.each([["with a key", true] as const, ["without one", false] as const])(
    "a list %s that was committed is sent again and moves once, refusals where they were",
    async (_, isKeyed) => {
      const { sender, recipient } = await pair(100n);
      const context = { ...sender.context, db: failing("CONNECTION_CLOSED", "after", times(1)) };
      const transfers = [60n, 50n, 40n].map((minor) => ({
        walletNumber: recipient.walletNumber,
        amount: xof(minor),
      }));
      const sent = await sendTransfers(context, { transfers, key: isKeyed ? newKey() : null });
      expect(sent.transfers.map(({ refusal }) => refusal)).toEqual([null, "insufficient_funds", null]);
      expect(sent.replayed).toBe(false);
      expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([0n, 100n]);
    },
  );
});

describe("when the database is away", () => {
  it("for a short time, the transfer succeeds", async () => {
    const { sender, recipient } = await pair(100n);
    const context = { ...sender.context, db: failing("ECONNREFUSED", "before", times(3)) };
    await sendTransfer(context, { walletNumber: recipient.walletNumber, amount: xof(10n) });
    expect(await balanceOf(recipient)).toBe(10n);
  });

  it("for longer, the answer is unavailable or outcome_unknown, and the same key answers the outcome later", async () => {
    const { sender, recipient } = await pair(100n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(10n) };
    const away = { ...sender.context, db: failing("ECONNREFUSED", "before", () => true) };
    const lost = { ...sender.context, db: failing("ECONNRESET", "after", () => true) };
    const key = newKey();
    const results = await Promise.allSettled([
      sendTransfer(away, input),
      sendTransfer(lost, { ...input, key }),
    ]);
    expect(results).toMatchObject([
      { reason: { code: "unavailable" } },
      { reason: { code: "outcome_unknown" } },
    ]);
    expect(await sendTransfer(sender.context, { ...input, key })).toMatchObject({ replayed: true });
    expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([90n, 10n]);
  });

  it("a list interrupted by a killed database is rolled back and sent again", async () => {
    const { sender, recipient } = await pair(100n);
    const held = await owner.reserve();
    try {
      await held`begin`;
      await held`select from ledger_accounts where address = ${`wallet/${sender.walletId}/XOF/available`} for update`;
      const input = { walletNumber: recipient.walletNumber, amount: xof(10n) };
      const sending = Promise.all([
        ...Array.from({ length: 5 }, () => sendTransfer(sender.context, { ...input, key: newKey() })),
        sendTransfers(sender.context, { transfers: [input, input], key: newKey() }),
      ]);
      await killWaiting(2);
      await held`commit`;
      await sending;
    } finally {
      held.release();
    }
    expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([30n, 70n]);
  });
});

/** Ends the connections whose statement waits for a row lock, until it were `count` different ones. */
async function killWaiting(count: number): Promise<void> {
  const killed = new Set<number>();
  while (killed.size < count) {
    const rows = await owner<{ pid: number }[]>`select pid, pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%transfer_post%'`;
    for (const { pid } of rows) killed.add(pid);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("when failed look-ups can't be counted after the commit", () => {
  // A handle that only sends statements of transfers: the counter's own query fails.
  const uncounted = failing("ECONNRESET", "before", () => false);

  it("a list is answered with what was sent", async () => {
    const { sender, recipient } = await pair(100n);
    const context = { ...sender.context, db: uncounted };
    const numbers = [recipient.walletNumber, newWalletNumber()];
    const transfers = numbers.map((walletNumber) => ({ walletNumber, amount: xof(10n) }));
    const sent = await sendTransfers(context, { transfers });
    expect(sent.transfers.map(({ refusal }) => refusal)).toEqual([null, "recipient_not_found"]);
    expect(await balanceOf(recipient)).toBe(10n);
  });

  it("a single transfer is answered as refused", async () => {
    const { sender } = await pair(100n);
    const context = { ...sender.context, db: uncounted };
    const lost = sendTransfer(context, { walletNumber: newWalletNumber(), amount: xof(10n) });
    await expect(lost).rejects.toMatchObject({ code: "recipient_not_found" });
  });
});
