import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey, newWalletNumber } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { sendTransfer } from "./send-transfer";
import { type SentTransfers, sendTransfers, TRANSFERS_MAX } from "./send-transfers";

const { db, owner } = await useDatabase();

const xof = (amountMinor: bigint) => money(amountMinor, "XOF");

async function balanceOf(user: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(user.walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function people(funds: bigint): Promise<[TestUser, TestUser, TestUser]> {
  const all: [TestUser, TestUser, TestUser] = [
    await createUser(db),
    await createUser(db),
    await createUser(db),
  ];
  if (funds > 0n) await fundWallet(db, all[0].walletId, xof(funds));
  return all;
}

const to = (user: TestUser, amountMinor: bigint) => ({
  walletNumber: user.walletNumber,
  amount: xof(amountMinor),
});

const refusals = ({ transfers }: SentTransfers) => transfers.map(({ refusal }) => refusal);

describe("a list of transfers", () => {
  it("is carried out in order, each with its own verdict", async () => {
    const [sender, one, other] = await people(100n);
    const sent = await sendTransfers(sender.context, {
      transfers: [
        to(one, 60n),
        to(other, 41n),
        { ...to(one, 1n), walletNumber: newWalletNumber() },
        to(sender, 1n),
        { ...to(other, 40n), note: "rest" },
        to(one, 1n),
        { walletNumber: one.walletNumber, amount: money(1n, "NGN") },
      ],
    });
    expect(refusals(sent)).toEqual([
      null,
      "insufficient_funds",
      "recipient_not_found",
      "recipient_is_self",
      null,
      "insufficient_funds",
      "insufficient_funds",
    ]);
    expect(sent.transfers[4]).toMatchObject({
      walletNumber: other.walletNumber,
      amount: xof(40n),
      note: "rest",
    });
    const references = sent.transfers.flatMap(({ reference }) => reference ?? []);
    const rows = await owner<{ reference: string; amount_minor: string }[]>`
      select reference, amount_minor from operations where wallet_id = ${sender.walletId.toString()}
      and type = 'transfer' order by id`;
    expect(rows.map(({ reference }) => reference)).toEqual(references);
    expect(rows.map(({ amount_minor }) => amount_minor)).toEqual(["60", "40"]);
    expect([await balanceOf(sender), await balanceOf(one), await balanceOf(other)]).toEqual([0n, 60n, 40n]);
  });

  it("may spend what an earlier one of it could not: nothing but the balance decides", async () => {
    const [sender, one] = await people(10n);
    const sent = await sendTransfers(sender.context, { transfers: [to(one, 11n), to(one, 10n)] });
    expect(refusals(sent)).toEqual(["insufficient_funds", null]);
  });

  it("with a key answers the same for ever, refusals too, and moves nothing again", async () => {
    const [sender, one, other] = await people(50n);
    const list = { transfers: [to(one, 40n), to(other, 40n), to(other, 10n)], key: newKey() };
    const first = await sendTransfers(sender.context, list);
    expect([refusals(first), first.replayed]).toEqual([[null, "insufficient_funds", null], false]);
    await fundWallet(db, sender.walletId, xof(1_000n));
    expect(await sendTransfers(sender.context, list)).toEqual({ ...first, replayed: true });
    expect(await balanceOf(sender)).toBe(1_000n);
  });

  it("twenty times at once with one key is sent once, and all get the same answer", async () => {
    const [sender, one, other] = await people(500n);
    const list = { transfers: [to(one, 20n), to(other, 30n)], key: newKey() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendTransfers(sender.context, list)));
    expect(
      new Set(answers.map(({ transfers }) => JSON.stringify(transfers.map((t) => t.reference)))).size,
    ).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect([await balanceOf(sender), await balanceOf(one), await balanceOf(other)]).toEqual([450n, 20n, 30n]);
  });

  it.each<[string, (one: TestUser, other: TestUser) => ReturnType<typeof to>[]]>([
    ["another amount", (one, other) => [to(one, 1n), to(other, 3n)]],
    ["another order", (one, other) => [to(other, 2n), to(one, 1n)]],
    ["one more", (one, other) => [to(one, 1n), to(other, 2n), to(other, 2n)]],
    ["one less", (one) => [to(one, 1n)]],
  ])("with its key and %s is refused", async (_, change) => {
    const [sender, one, other] = await people(500n);
    const key = newKey();
    await sendTransfers(sender.context, { transfers: [to(one, 1n), to(other, 2n)], key });
    const again = sendTransfers(sender.context, { transfers: change(one, other), key });
    await expect(again).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await balanceOf(sender)).toBe(497n);
  });

  it("of one and a single transfer never share a key", async () => {
    const [sender, one] = await people(500n);
    const [forList, forSingle] = [newKey(), newKey()];
    await sendTransfers(sender.context, { transfers: [to(one, 5n)], key: forList });
    await sendTransfer(sender.context, { ...to(one, 5n), key: forSingle });
    const single = sendTransfer(sender.context, { ...to(one, 5n), key: forList });
    await expect(single).rejects.toMatchObject({ code: "idempotency_mismatch" });
    const list = sendTransfers(sender.context, { transfers: [to(one, 5n)], key: forSingle });
    await expect(list).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await balanceOf(one)).toBe(10n);
  });

  it("with a field that can't be read is refused whole, and says which", async () => {
    const [sender, one] = await people(500n);
    const transfers = [
      to(one, 1n),
      { ...to(one, 0n), walletNumber: "123" },
      { ...to(one, 1n), note: "a\tb" },
    ];
    await expect(sendTransfers(sender.context, { transfers })).rejects.toMatchObject({
      code: "validation_failed",
      details: {
        issues: [
          { field: "transfers.1.walletNumber", reason: "wallet_number_invalid" },
          { field: "transfers.1.amount", reason: "not_positive" },
          { field: "transfers.2.note", reason: "not_one_line" },
        ],
      },
    });
    for (const length of [0, TRANSFERS_MAX + 1]) {
      const list = { transfers: Array.from({ length }, () => to(one, 1n)) };
      await expect(sendTransfers(sender.context, list)).rejects.toMatchObject({ code: "validation_failed" });
    }
    expect(await balanceOf(one)).toBe(0n);
  });

  it("of a frozen person is refused, and its key stays free", async () => {
    const [sender, one] = await people(500n);
    const list = { transfers: [to(one, 1n), to(one, 2n)], key: newKey() };
    await owner`update users set frozen_at = now() where id = ${sender.userId.toString()}`;
    await expect(sendTransfers(sender.context, list)).rejects.toMatchObject({ code: "unauthenticated" });
    await owner`update users set frozen_at = null where id = ${sender.userId.toString()}`;
    expect(refusals(await sendTransfers(sender.context, list))).toEqual([null, null]);
  });

  it("of five hundred that cross with five hundred single ones loses nothing (invariant 10)", async () => {
    const [one, other] = await people(100_000n);
    await fundWallet(db, other.walletId, xof(100_000n));
    const listed = Array.from({ length: TRANSFERS_MAX }, (_, index) => to(other, BigInt(index + 1)));
    const [sent, back] = await Promise.all([
      sendTransfers(one.context, { transfers: listed }),
      sendTransfers(other.context, { transfers: listed.map(({ amount }) => to(one, amount.amountMinor)) }),
      ...Array.from({ length: TRANSFERS_MAX }, (_, index) =>
        sendTransfer((index % 2 === 0 ? one : other).context, to(index % 2 === 0 ? other : one, 7n)).catch(
          () => null,
        ),
      ),
    ]);
    expect([refusals(sent).length, refusals(back).length]).toEqual([TRANSFERS_MAX, TRANSFERS_MAX]);
    expect((await balanceOf(one)) + (await balanceOf(other))).toBe(200_000n);
  });
});
