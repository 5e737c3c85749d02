import { beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import type { DomainError } from "@/lib/errors";
import { newKey, newWalletNumber } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import type { Currency } from "@/lib/money/currency";
import { money } from "@/lib/money/money";
import { getOperation } from "../operations/get-operation";
import { listOperations } from "../operations/list-operations";
import { type SendTransfer, sendTransfer } from "./send-transfer";

const { db, owner } = await useDatabase();

const xof = (amountMinor: bigint) => money(amountMinor, "XOF");

async function balanceOf(user: TestUser, currency: Currency = "XOF"): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(user.walletId, currency)]);
  return balance?.amountMinor ?? -1n;
}

/** A sender with `funds`, and a recipient with nothing. */
async function pair(funds: bigint): Promise<{ sender: TestUser; recipient: TestUser }> {
  const sender = await createUser(db);
  const recipient = await createUser(db, { firstName: "Moussa", lastName: "Kaboré" });
  if (funds > 0n) await fundWallet(db, sender.walletId, xof(funds));
  return { sender, recipient };
}

/** How many transfers of a sender are written down, as operations, their events and their entries. */
async function written(sender: TestUser): Promise<{ operations: number; events: number; entries: number }> {
  const [row] = await owner<{ operations: number; events: number; entries: number }[]>`
    select count(*)::int as operations,
      (select count(*)::int from operation_events v join operations o on o.id = v.operation_id
        where o.wallet_id = ${sender.walletId.toString()} and o.type = 'transfer') as events,
      (select count(*)::int from ledger_entries e join operations o on o.reference = e.source and e.step = 'transfer'
        where o.wallet_id = ${sender.walletId.toString()}) as entries
    from operations where wallet_id = ${sender.walletId.toString()} and type = 'transfer'`;
  return row ?? { operations: -1, events: -1, entries: -1 };
}

/** Keys that stand for a transfer; a refused one's key only remembers what it was for. */
async function keysOf(user: TestUser): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(reference)::int as count from idempotency_keys where user_id = ${user.userId.toString()}`;
  return row?.count ?? -1;
}

const codeOf = (result: PromiseSettledResult<unknown>): string =>
  result.status === "fulfilled" ? "sent" : (result.reason as DomainError).code;

describe("a transfer", () => {
  let sender: TestUser;
  let recipient: TestUser;
  const send = (input: Partial<SendTransfer> = {}) =>
    sendTransfer(sender.context, { walletNumber: recipient.walletNumber, amount: xof(100n), ...input });

  beforeAll(async () => {
    ({ sender, recipient } = await pair(1_000n));
  });

  it("moves the money at once, and both sides see it", async () => {
    const sent = await send({ amount: xof(300n), note: "  Loyer de mai  " });
    expect(sent).toMatchObject({ amount: xof(300n), note: "Loyer de mai", replayed: false });
    expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([700n, 300n]);
    const [out, into] = await Promise.all(
      [sender, recipient].map(({ context }) => getOperation(context, sent.reference)),
    );
    expect(out).toMatchObject({
      type: "transfer",
      direction: "out",
      status: "succeeded",
      counterparty: { name: "Moussa K.", walletNumber: recipient.walletNumber },
      note: "Loyer de mai",
    });
    expect(into).toMatchObject({ direction: "in", counterparty: { name: "Awa T." }, note: "Loyer de mai" });
    expect(out?.steps.map(({ state }) => state)).toEqual(["succeeded"]);
    const { operations } = await listOperations(recipient.context, { limit: 20 });
    expect(operations.map(({ reference }) => reference)).toEqual([sent.reference]);
  });

  it("names who acted: the person, or the API key that acted for them", async () => {
    const byPerson = await send();
    const byKey = await sendTransfer(
      { ...sender.context, actor: { kind: "api_key", userId: sender.userId, keyId: 77n } },
      { walletNumber: recipient.walletNumber, amount: xof(1n) },
    );
    const rows = await owner<{ actor: string }[]>`
      select v.actor from operation_events v join operations o on o.id = v.operation_id
      where o.reference = any (${[byPerson.reference, byKey.reference]}) order by o.id`;
    expect(rows.map(({ actor }) => actor)).toEqual([`user:${sender.userId}`, "key:77"]);
  });

  it.each<[string, Partial<SendTransfer>, string]>([
    ["a wrong check digit", { walletNumber: "1234567890123" }, "validation_failed"],
    ["a number of another shape", { walletNumber: "abc" }, "validation_failed"],
    ["nothing", { amount: xof(0n) }, "validation_failed"],
    ["a negative amount", { amount: xof(-1n) }, "validation_failed"],
    ["more than any row may hold", { amount: xof(1_000_000_000_000_001n) }, "validation_failed"],
    ["a note of two lines", { note: "one\ntwo" }, "validation_failed"],
    ["a note of two lines", { note: "paid\n1 000" }, "validation_failed"],
    ["a note that is too long", { note: "é".repeat(141) }, "validation_failed"],
    ["a number that nobody has", { walletNumber: newWalletNumber() }, "recipient_not_found"],
    ["more than there is", { amount: xof(1_000_001n) }, "insufficient_funds"],
    ["a currency that the sender has none of", { amount: money(1n, "NGN") }, "insufficient_funds"],
  ])("refuses %s, and stores nothing", async (_, input, code) => {
    const before = [await balanceOf(sender), await written(sender), await keysOf(sender)];
    await expect(send({ ...input, key: newKey() })).rejects.toMatchObject({ code });
    expect([await balanceOf(sender), await written(sender), await keysOf(sender)]).toEqual(before);
  });

  it("keeps a note without marks that would turn its line around", async () => {
    expect(await send({ note: "\u200bpaid \u202e000 1\u202c" })).toMatchObject({ note: "paid 000 1" });
  });

  it("refuses the sender's own number", async () => {
    await expect(send({ walletNumber: sender.walletNumber })).rejects.toMatchObject({
      code: "recipient_is_self",
    });
  });

  it("takes a note of 140 characters, emoji of several parts included, and a blank one as none", async () => {
    const note = `👩🏾‍🌾${"é".repeat(136)}`;
    expect((await send({ amount: xof(1n), note })).note).toBe(note);
    expect((await send({ amount: xof(1n), note: " \n " })).note).toBeNull();
  });

  it("is refused for anonymous callers and the system", async () => {
    const input = { walletNumber: recipient.walletNumber, amount: xof(1n) };
    for (const actor of [
      { kind: "anonymous" },
      { kind: "system" },
      { kind: "provider", name: "x" },
    ] as const) {
      await expect(sendTransfer({ ...sender.context, actor }, input)).rejects.toMatchObject({
        code: "unauthenticated",
      });
    }
  });

  it("a frozen person neither sends nor receives, even with a credential that was checked before", async () => {
    const { sender: frozen, recipient: other } = await pair(100n);
    await owner`update users set frozen_at = now() where id = ${frozen.userId.toString()}`;
    const from = sendTransfer(frozen.context, {
      walletNumber: other.walletNumber,
      amount: xof(1n),
      key: "k",
    });
    await expect(from).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(send({ walletNumber: frozen.walletNumber })).rejects.toMatchObject({
      code: "recipient_not_found",
    });
    await owner`update users set frozen_at = null where id = ${frozen.userId.toString()}`;
    const again = { walletNumber: other.walletNumber, amount: xof(1n), key: "k" };
    expect(await sendTransfer(frozen.context, again)).toMatchObject({ replayed: false });
  });
});

describe("an idempotency key", () => {
  it("twenty times at once moves once, and all get the same answer (invariant 9)", async () => {
    const { sender, recipient } = await pair(1_000n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(70n), note: "once", key: newKey() };
    const sent = await Promise.all(Array.from({ length: 20 }, () => sendTransfer(sender.context, input)));
    expect(new Set(sent.map(({ reference }) => reference)).size).toBe(1);
    expect(sent.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([930n, 70n]);
    expect(await written(sender)).toEqual({ operations: 1, events: 1, entries: 1 });
  });

  it.each<[string, Partial<SendTransfer>]>([
    ["another amount", { amount: xof(71n) }],
    ["another currency", { amount: money(70n, "NGN") }],
    ["another note", { note: "other" }],
    ["no note", { note: null }],
  ])("with %s is refused, and moves nothing", async (_, other) => {
    const { sender, recipient } = await pair(1_000n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(70n), note: "one", key: newKey() };
    await sendTransfer(sender.context, input);
    const again = sendTransfer(sender.context, { ...input, ...other });
    await expect(again).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await balanceOf(sender)).toBe(930n);
  });

  it("for another recipient is refused", async () => {
    const { sender, recipient } = await pair(1_000n);
    const { recipient: third } = await pair(0n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(70n), key: newKey() };
    await sendTransfer(sender.context, input);
    const again = sendTransfer(sender.context, { ...input, walletNumber: third.walletNumber });
    await expect(again).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await balanceOf(third)).toBe(0n);
  });

  it("is its owner's: another user's same key is another key", async () => {
    const { sender, recipient } = await pair(100n);
    const { sender: other } = await pair(100n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(10n), key: "monthly" };
    const one = await sendTransfer(sender.context, input);
    const two = await sendTransfer(other.context, input);
    expect(two.replayed).toBe(false);
    expect(two.reference).not.toBe(one.reference);
  });

  it("stands for one transfer even after a refusal: the same may succeed later, another never", async () => {
    const { sender, recipient } = await pair(0n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(10n), key: newKey() };
    const refusals = await Promise.allSettled(
      Array.from({ length: 8 }, () => sendTransfer(sender.context, input)),
    );
    expect(new Set(refusals.map((each) => each.status === "rejected" && each.reason.code))).toEqual(
      new Set(["insufficient_funds"]),
    );
    await fundWallet(db, sender.walletId, xof(20n));
    const other = { ...input, amount: xof(5n) };
    await expect(sendTransfer(sender.context, other)).rejects.toMatchObject({ code: "idempotency_mismatch" });
    expect(await sendTransfer(sender.context, input)).toMatchObject({ replayed: false });
    expect(await sendTransfer(sender.context, input)).toMatchObject({ replayed: true });
  });

  it("is replayed after the money is gone and the recipient frozen", async () => {
    const { sender, recipient } = await pair(10n);
    const input = { walletNumber: recipient.walletNumber, amount: xof(10n), key: newKey() };
    const { reference } = await sendTransfer(sender.context, input);
    await owner`update users set frozen_at = now() where id = ${recipient.userId.toString()}`;
    expect(await sendTransfer(sender.context, input)).toMatchObject({ reference, replayed: true });
  });

  it("that stands for a withdrawal is not a transfer's", async () => {
    const { sender, recipient } = await pair(10n);
    const reference = await fundWallet(db, sender.walletId, xof(5n));
    await owner`insert into idempotency_keys (user_id, key, input_hash, reference)
      values (${sender.userId.toString()}, 'used', '\\x00', ${reference})`;
    const input = { walletNumber: recipient.walletNumber, amount: xof(10n), key: "used" };
    await expect(sendTransfer(sender.context, input)).rejects.toMatchObject({ code: "idempotency_mismatch" });
  });
});

describe("at any concurrency", () => {
  it("of thirty concurrent transfers on a balance for ten exactly ten succeed (invariant 2)", async () => {
    const { sender, recipient } = await pair(1_000n);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        sendTransfer(sender.context, {
          walletNumber: recipient.walletNumber,
          amount: xof(100n),
          key: index % 2 === 0 ? newKey() : null,
        }),
      ),
    );
    expect(results.map(codeOf).sort()).toEqual([
      ...Array<string>(20).fill("insufficient_funds"),
      ...Array<string>(10).fill("sent"),
    ]);
    expect([await balanceOf(sender), await balanceOf(recipient)]).toEqual([0n, 1_000n]);
    expect(await written(sender)).toEqual({ operations: 10, events: 10, entries: 10 });
    expect(await keysOf(sender)).toBeLessThanOrEqual(10);
  });

  it("four hundred opposite transfers between two people lose nothing (invariant 10)", async () => {
    const { sender: one, recipient: other } = await pair(10_000n);
    await fundWallet(db, other.walletId, xof(10_000n));
    const crossing = Array.from({ length: 200 }, (_, index) => [
      sendTransfer(one.context, { walletNumber: other.walletNumber, amount: xof(BigInt(index + 1)) }),
      sendTransfer(other.context, { walletNumber: one.walletNumber, amount: xof(BigInt(index + 2)) }),
    ]);
    const results = await Promise.allSettled(crossing.flat());
    expect(results.map(codeOf).every((code) => code === "sent" || code === "insufficient_funds")).toBe(true);
    expect((await balanceOf(one)) + (await balanceOf(other))).toBe(20_000n);
  });
});
