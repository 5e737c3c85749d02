import type { Sql } from "postgres";
import { describe, expect, it } from "vitest";
import { afterTampering } from "@/e2e/support/audit-breaches";
import { type ApiUser, createApiUsers } from "@/e2e/support/credentials";
import { useDatabase } from "@/e2e/support/database";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type BookEntry, openBook } from "@/lib/sandbox/book";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { checkBooks, checkOperation, type ExpectedOperation, type StoredOperation } from "./oracle";

const { db, owner } = await useDatabase();

async function send(from: ApiUser, to: ApiUser, amountMinor: bigint): Promise<ExpectedOperation> {
  const [key, amount] = [newKey(), money(amountMinor, "XOF")];
  const { reference } = await sendTransfer(from.context, { walletNumber: to.walletNumber, amount, key });
  return { type: "transfer", reference, key, from, to, currency: "XOF", amountMinor, feeMinor: 0n };
}

/** Two people, and an acknowledged transfer of 100 between them. */
async function createBooks() {
  const [from, to] = await createApiUsers({ db, owner }, 2, money(400_000n, "XOF"));
  if (!from || !to) throw new Error("two people were created");
  const sent = await send(from, to, 100n);
  const books = { owner, book: openBook(null) };
  const check = (expected: ExpectedOperation[], sql: Sql = owner) =>
    checkBooks({ ...books, owner: sql }, [from, to], expected);
  return { from, to, sent, reference: sent.reference ?? "", book: books.book, check };
}

/** Changes rows as only a superuser can, looks, and rolls back. */
const tampered = <T>(statement: string, look: (sql: Sql) => Promise<T>): Promise<T> =>
  afterTampering(owner, async (tx) => {
    await tx.unsafe(statement);
    return await look(tx as unknown as Sql);
  });

const paid: Pick<BookEntry, "timesPaid" | "amount" | "paidAmount" | "currency" | "paidCurrency" | "state"> = {
  ...{ timesPaid: 1, amount: 5_000, paidAmount: 5_000 },
  ...{ currency: "XOF", paidCurrency: "XOF", state: "completed" },
};
const deposit: StoredOperation = {
  ...{ reference: "TXN-1", type: "deposit", state: "succeeded", currency: "XOF", amount: "5000", fee: "0" },
  ...{ wallet: "1", counterparty: null, provider: "getmipay", key: null, suspended: 0 },
};
const payout: StoredOperation = { ...deposit, type: "withdrawal", state: "paid" };

describe("the check of the books", () => {
  it("accepts exactly what was requested, with or without what its client learned", async () => {
    const { sent, check } = await createBooks();
    const { reference: _reference, key: _key, feeMinor: _fee, ...requested } = sent;
    expect(await check([sent])).toEqual([]);
    expect(await check([requested, { ...requested, isUncertain: true }])).toEqual([]);
  });

  it.each([
    ["an operation is gone", "delete from operations where reference = $1"],
    ["another amount was written", "update operations set amount_minor = 99 where reference = $1"],
    ["another recipient was", "update operations set counterparty_wallet_id = 999999 where reference = $1"],
    ["its key is forgotten", "delete from idempotency_keys where reference = $1"],
  ])("calls it lost when %s", async (_, statement) => {
    const { sent, reference, check } = await createBooks();
    const violations = await tampered(statement.replace("$1", `'${reference}'`), (sql) => check([sent], sql));
    expect(violations).toContain(`lost: the transfer ${reference} of 100 isn't stored as it was requested`);
  });

  it("misses a notice of money that moved", async () => {
    const { sent, reference, check } = await createBooks();
    const gone = `delete from notices where operation_id = (select id from operations where reference = '${reference}')`;
    expect(await tampered(gone, (sql) => check([sent], sql))).toEqual([
      `${reference} has 0 notices transfer_received for 1 events`,
      `${reference} has 0 notices transfer_sent for 1 events`,
    ]);
  });

  it("calls an operation doubled that was never requested, or acknowledged twice", async () => {
    const { from, to, sent, reference, check } = await createBooks();
    const { reference: other } = await send(from, to, 7n);
    expect(await check([sent, sent])).toEqual([
      `doubled: two requests were acknowledged with the transfer ${reference}`,
      `doubled: the transfer ${other} of 7 (succeeded) exists and nobody requested it`,
    ]);
  });

  it("allows what is uncertain once, with its key, and nothing beside it", async () => {
    const { from, to, sent, check } = await createBooks();
    const { reference: _unknown, ...order } = await send(from, to, 7n);
    const possible = { ...order, isUncertain: true };
    expect(await check([sent, possible])).toEqual([]);
    expect(await check([sent, possible, { ...possible, key: newKey() }])).toEqual([]);
    const { reference } = await send(from, to, 7n);
    expect(await check([sent, possible])).toEqual([
      `doubled: the transfer ${reference} of 7 (succeeded) exists and nobody requested it`,
    ]);
  });

  it("finds orders at the provider that nobody requested", async () => {
    const { sent, book, check } = await createBooks();
    book.save({ ...paid, kind: "payout", id: newKey(), reference: "TXN-NOBODY" } as BookEntry);
    expect(await check([sent])).toEqual([
      "doubled: the provider has a payout TXN-NOBODY of 5000 XOF that nobody requested",
    ]);
  });
});

describe("the check of an operation with the provider's entry", () => {
  it.each([
    ["a deposit", deposit, paid],
    ["a payout", payout, paid],
    ["a refunded payout", { ...payout, state: "refunded" }, null],
    ["an expired deposit", { ...deposit, state: "expired" }, null],
    [
      "another amount in suspense",
      { ...deposit, state: "review", suspended: 1 },
      { ...paid, paidAmount: 4_900 },
    ],
  ])("accepts %s", (_, stored, entry) => {
    expect(checkOperation(stored, entry, false)).toEqual([]);
  });

  it.each([
    ["a deposit that was paid twice", deposit, { ...paid, timesPaid: 2 }],
    ["a deposit that was paid and never credited", { ...deposit, state: "expired" }, paid],
    ["a deposit that was credited and never paid", deposit, null],
    ["a deposit that was never paid and waits for an operator", { ...deposit, state: "review" }, null],
    ["a payout that was paid twice", payout, { ...paid, timesPaid: 2 }],
    ["a payout that was paid and refunded", { ...payout, state: "refunded" }, paid],
    ["a payout that was neither paid nor refunded", { ...payout, state: "unknown" }, null],
    ["a payout that is called paid and wasn't", payout, { ...paid, timesPaid: 0 }],
    [
      "another amount that isn't in suspense",
      { ...deposit, state: "review" },
      { ...paid, paidAmount: 4_900 },
    ],
  ])("goes red on %s", (_, stored, entry) => {
    expect(checkOperation(stored, entry, false)).toHaveLength(1);
  });

  it("wants money credited that an operator assigned, though the provider doesn't know it", () => {
    expect(checkOperation(deposit, null, true)).toEqual([]);
    expect(checkOperation({ ...deposit, state: "review" }, null, true)).toHaveLength(1);
  });
});
