import type postgres from "postgres";
import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { type Book, type BookEntry, openBook } from "@/lib/sandbox/book";
import type { Context } from "@/lib/services/context";
import { sendTransfer } from "@/lib/services/transfers/send-transfer";
import { type Books, checkBooks, newestOperation } from "./check-books";
import type { Acknowledged } from "./client-log";
import { createPeople, type Person } from "./people";

const { db, owner } = await useDatabase();

interface TestBooks extends Books {
  people: [Person, Person];
  acknowledged: Acknowledged[];
  book: Book;
}

/** Two people, and an acknowledged transfer of 100 between them. */
async function createBooks(): Promise<TestBooks> {
  const [from, to] = await createPeople({ db, owner }, 2);
  if (!from || !to) throw new Error("two people were created");
  const afterId = await newestOperation(owner);
  const acknowledged = [await send(from, to, 100n)];
  const people: [Person, Person] = [from, to];
  return { owner, book: openBook(null), people, acknowledged, recent: { acknowledged, afterId } };
}

async function send(from: Person, to: Person, amountMinor: bigint): Promise<Acknowledged> {
  const actor: Context["actor"] = { kind: "api_key", userId: from.userId, keyId: 1n };
  const context = { actor, requestId: newKey(), db, now: new Date() };
  const key = newKey();
  const amount = money(amountMinor, "XOF");
  const { reference } = await sendTransfer(context, { walletNumber: to.walletNumber, amount, key });
  return { kind: "transfer", reference, key, from, to, amountMinor, feeMinor: 0n };
}

/** Without clearing, which other tests of this database change too. */
async function violationsOf(books: Books): Promise<string[]> {
  return (await checkBooks(books)).filter((what) => !what.startsWith("clearing"));
}

/** Changes rows as only a superuser can, looks, and rolls back. */
async function tampered<T>(statement: string, look: (owner: postgres.Sql) => Promise<T>): Promise<T> {
  const undo = new Error("undone");
  let seen: T | undefined;
  await owner
    .begin(async (sql) => {
      await sql.unsafe(`set local session_replication_role = replica; ${statement}`);
      seen = await look(sql as unknown as postgres.Sql);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return seen as T;
}

function entryOf(change: Partial<BookEntry>): BookEntry {
  const now = new Date().toISOString();
  return {
    ...{
      kind: "payout",
      id: newKey(),
      reference: "TXN-CHANGED",
      userId: "1",
      amount: 5_000,
      currency: "XOF",
    },
    ...{
      phone: "+22670000002",
      method: "wave",
      callbackUrl: "",
      returnUrl: null,
      locale: "fr",
      scenario: null,
    },
    ...{ state: "completed", approval: "confirmed", stepsDone: 1, timesPaid: 1, paidAmount: 5_000 },
    ...{ paidCurrency: "XOF", submissions: 1, createdAt: now, changedAt: now, webhooks: [], ...change },
  };
}

describe("the check of the books", () => {
  it("accepts books with everything acknowledged, once", async () => {
    expect(await violationsOf(await createBooks())).toEqual([]);
  });

  it.each([
    [
      "an operation is gone",
      (reference: string) => `delete from operations where reference = '${reference}'`,
    ],
    ["its entry is gone", (reference: string) => `delete from ledger_entries where source = '${reference}'`],
    [
      "another amount was written",
      (reference: string) => `update operations set amount_minor = 99 where reference = '${reference}'`,
    ],
    [
      "its key is forgotten",
      (reference: string) => `delete from idempotency_keys where reference = '${reference}'`,
    ],
  ])("calls it lost when %s", async (_, tamper) => {
    const books = await createBooks();
    const reference = books.acknowledged[0]?.reference ?? "";
    const violations = await tampered(tamper(reference), (sql) => violationsOf({ ...books, owner: sql }));
    expect(violations).toContainEqual(expect.stringMatching(`^lost: the transfer ${reference} of 100 `));
  });

  it("calls an operation doubled that was never acknowledged, and finds its money missing", async () => {
    const books = await createBooks();
    const { reference } = await send(...books.people, 7n);
    expect(await violationsOf(books)).toEqual([
      `doubled: the transfer ${reference} of 7 exists and was never acknowledged`,
      expect.stringMatching(/must hold 399900 by what was acknowledged; it holds 399893/),
      expect.stringMatching(/must hold 400100 by what was acknowledged; it holds 400107/),
    ]);
  });

  it("calls an operation doubled that two requests were acknowledged with", async () => {
    const books = await createBooks();
    books.acknowledged.push(...books.acknowledged);
    expect(await violationsOf(books)).toContainEqual(expect.stringMatching(/^doubled: two requests/));
  });

  it("finds payouts paid twice, never requested, or never paid", async () => {
    const books = await createBooks();
    const [from] = books.people;
    const order = {
      kind: "withdrawal",
      key: null,
      from,
      to: null,
      amountMinor: 5_000n,
      feeMinor: 0n,
    } as const;
    books.book.save(entryOf({ reference: "TXN-TWICE", timesPaid: 2 }));
    books.book.save(entryOf({ reference: "TXN-NOBODY" }));
    const acknowledged = [
      { ...order, reference: "TXN-TWICE" },
      { ...order, reference: "TXN-NEVER" },
    ];
    const violations = await violationsOf({
      ...books,
      acknowledged: [...books.acknowledged, ...acknowledged],
    });
    expect(violations).toEqual(
      expect.arrayContaining([
        "doubled: the provider paid the payout TXN-TWICE 2 times",
        "doubled: the provider has a payout TXN-NOBODY of 5000 that nobody requested",
        "lost: the withdrawal TXN-NEVER was never paid by the provider",
      ]),
    );
  });

  it("compares clearing with the provider's book", async () => {
    const books = await createBooks();
    const before = await checkBooks(books);
    books.book.save(entryOf({ kind: "collection", paidAmount: 1_234_567 }));
    const clearing = (await checkBooks(books)).filter((what) => what.startsWith("clearing"));
    expect(before).not.toContain(clearing[0]);
    expect(clearing).toEqual([expect.stringMatching(/^clearing must be -1234567 by the provider's book/)]);
  });
});
