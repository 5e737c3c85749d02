import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey, newWalletNumber } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import type { Context } from "../context";
import { checkPin } from "../identity/pin/check-pin";
import { setPin } from "../identity/pin/set-pin";
import { listOperations } from "../operations/list-operations";
import { confirmTransfer } from "./confirm-transfer";
import { getTransferQuote } from "./get-transfer-quote";
import { quoteTransfer } from "./quote-transfer";

const { db, owner } = await useDatabase();
const PIN = "4907";
const WRONG = "5813";

async function sender(francs = 5_000n): Promise<TestUser> {
  const person = await createUser(db);
  await fundWallet(db, person.walletId, money(francs, "XOF"));
  await setPin(person.context, { pin: PIN });
  return person;
}

const form = (to: TestUser, amount = "2 000", note = "") => ({
  walletNumber: to.walletNumber.replace(/(\d{4})(?=\d)/g, "$1 "),
  amount,
  note,
  currency: "XOF" as const,
});

async function availableTo({ walletId }: TestUser): Promise<bigint | undefined> {
  return (await getBalances(db, [chart.available(walletId, "XOF")]))[0]?.amountMinor;
}

async function wrongTries({ userId }: TestUser): Promise<number | undefined> {
  const [row] = await owner<{ wrong_tries: number }[]>`
    select wrong_tries from pins where user_id = ${userId.toString()}`;
  return row?.wrong_tries;
}

async function guess(context: Context, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await expect(checkPin(context, WRONG)).rejects.toMatchObject({ code: /pin_/ });
  }
}

describe("quoting a transfer", () => {
  it("keeps what was typed for review and moves nothing", async () => {
    const [from, to] = [await sender(), await createUser(db, { firstName: "Moussa", lastName: "Diallo" })];
    const { quoteId } = await quoteTransfer(from.context, form(to, "2 000", " Pour le riz "));
    expect(await getTransferQuote(from.context, quoteId)).toEqual({
      id: quoteId,
      recipient: { walletNumber: to.walletNumber, name: "Moussa D." },
      amount: money(2_000n, "XOF"),
      note: "Pour le riz",
      balanceAfter: money(3_000n, "XOF"),
      problem: null,
      limit: null,
      firstTime: true,
      repeats: null,
      usedBy: null,
      moneyRequestId: null,
    });
    expect(await availableTo(from)).toBe(5_000n);
  });

  it("reports all issues at once, field by field", async () => {
    const from = await sender();
    const typed = { walletNumber: "123", amount: "0", note: "a".repeat(141), currency: "XOF" as const };
    await expect(quoteTransfer(from.context, typed)).rejects.toMatchObject({
      code: "validation_failed",
      details: {
        issues: [
          { field: "walletNumber", reason: "wallet_number_invalid" },
          { field: "note", reason: "too_long" },
          { field: "amount", reason: "not_positive" },
        ],
      },
    });
  });

  it.each([
    ["nothing", () => "", "required"],
    ["a wrong check digit", (number: string) => nextDigit(number), "wallet_number_invalid"],
    ["a number that nobody has", () => newWalletNumber(), "recipient_unknown"],
    ["one's own number", (number: string) => number, "recipient_self"],
  ])("to %s is refused at its field", async (_name, numberOf, reason) => {
    const from = await sender();
    const typed = { ...form(from), walletNumber: numberOf(from.walletNumber) };
    await expect(quoteTransfer(from.context, typed)).rejects.toMatchObject({
      code: "validation_failed",
      details: { issues: [{ field: "walletNumber", reason }] },
    });
  });

  it("for more than the balance is refused at once", async () => {
    const [from, to] = [await sender(1_999n), await createUser(db)];
    await expect(quoteTransfer(from.context, form(to))).rejects.toMatchObject({
      code: "insufficient_funds",
      details: { issues: [{ field: "amount", values: { available: money(1_999n, "XOF") } }] },
    });
    await expect(quoteTransfer(from.context, { ...form(to), currency: "NGN" })).rejects.toMatchObject({
      code: "insufficient_funds",
    });
  });

  it("is for persons: an API key sends without a review", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const key = createContext(db, { kind: "api_key", userId: from.userId, keyId: 1n });
    await expect(quoteTransfer(key, form(to))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("points out a repeated sum, and a first time only once", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const first = await quoteTransfer(from.context, form(to, "1 000"));
    const { reference } = await confirmTransfer(from.context, { ...first, pin: PIN });
    const same = await quoteTransfer(from.context, form(to, "1 000"));
    expect(await getTransferQuote(from.context, same.quoteId)).toMatchObject({
      firstTime: false,
      repeats: reference,
    });
    const other = await quoteTransfer(from.context, form(to, "1 001"));
    expect(await getTransferQuote(from.context, other.quoteId)).toMatchObject({ repeats: null });
    const later = { ...from.context, now: new Date(Date.now() + 11 * 60_000) };
    expect(await getTransferQuote(later, same.quoteId)).toMatchObject({ firstTime: false, repeats: null });
  });
});

describe("confirming", () => {
  it("sends once, and both sides see it at once", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const quote = await quoteTransfer(from.context, form(to));
    const { reference } = await confirmTransfer(from.context, { ...quote, pin: PIN });
    expect(await availableTo(from)).toBe(3_000n);
    expect(await availableTo(to)).toBe(2_000n);
    const received = await listOperations(to.context, { limit: 10 });
    expect(received.operations).toMatchObject([
      { reference, direction: "in", counterparty: { name: "Awa T.", walletNumber: from.walletNumber } },
    ]);
    expect(await getTransferQuote(from.context, quote.quoteId)).toMatchObject({ usedBy: reference });
  });

  it("with a wrong PIN moves nothing and counts; the fifth locks", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const quote = await quoteTransfer(from.context, form(to));
    for (const triesLeft of [4, 3, 2, 1]) {
      await expect(confirmTransfer(from.context, { ...quote, pin: WRONG })).rejects.toMatchObject({
        code: "pin_wrong",
        details: { triesLeft },
      });
    }
    await expect(confirmTransfer(from.context, { ...quote, pin: WRONG })).rejects.toMatchObject({
      code: "pin_locked",
    });
    await expect(confirmTransfer(from.context, { ...quote, pin: PIN })).rejects.toMatchObject({
      code: "pin_locked",
    });
    expect(await availableTo(from)).toBe(5_000n);
  });

  it("again answers the same transfer, whatever the PIN, and costs no try", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const quote = await quoteTransfer(from.context, form(to));
    const first = await confirmTransfer(from.context, { ...quote, pin: PIN });
    expect(await confirmTransfer(from.context, { ...quote, pin: WRONG })).toEqual(first);
    const muchLater = { ...from.context, now: new Date(Date.now() + 24 * 60 * 60_000) };
    expect(await confirmTransfer(muchLater, { ...quote, pin: "" })).toEqual(first);
    expect(await wrongTries(from)).toBe(0);
    expect(await availableTo(from)).toBe(3_000n);
  });

  it("30 times at once with the right PIN sends once, even when one try was left", async () => {
    const [from, to] = [await sender(), await createUser(db)];
    const quote = await quoteTransfer(from.context, form(to));
    await guess(from.context, 4);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => confirmTransfer(from.context, { ...quote, pin: PIN })),
    );
    expect(new Set(answers.map(({ reference }) => reference)).size).toBe(1);
    expect(await availableTo(from)).toBe(3_000n);
    expect(await wrongTries(from)).toBe(0);
  });

  it("many quotes at once spends no more than there is", async () => {
    const [from, to] = [await sender(10_000n), await createUser(db)];
    const quotes = await Promise.all(
      Array.from({ length: 4 }, () => quoteTransfer(from.context, form(to, "3 000"))),
    );
    const outcomes = await Promise.allSettled(
      quotes.map((quote) => confirmTransfer(from.context, { ...quote, pin: PIN })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "insufficient_funds" });
    expect(await availableTo(from)).toBe(1_000n);
  });

  it("needs a PIN that is set, the person's own quote, and a fresh one", async () => {
    const [from, to, other] = [await sender(), await createUser(db), await sender()];
    const quote = await quoteTransfer(from.context, form(to));
    await expect(confirmTransfer(other.context, { ...quote, pin: PIN })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getTransferQuote(other.context, quote.quoteId)).rejects.toMatchObject({ code: "not_found" });
    await expect(getTransferQuote(from.context, newKey())).rejects.toMatchObject({ code: "not_found" });
    await expect(getTransferQuote(from.context, "1")).rejects.toMatchObject({ code: "not_found" });
    const later = { ...from.context, now: new Date(Date.now() + 16 * 60_000) };
    expect(await getTransferQuote(later, quote.quoteId)).toMatchObject({ problem: "quote_expired" });
    await expect(confirmTransfer(later, { ...quote, pin: PIN })).rejects.toMatchObject({
      code: "quote_expired",
    });
    const unset = await createUser(db);
    await fundWallet(db, unset.walletId, money(5_000n, "XOF"));
    const theirs = await quoteTransfer(unset.context, form(to));
    await expect(confirmTransfer(unset.context, { ...theirs, pin: PIN })).rejects.toMatchObject({
      code: "pin_not_set",
    });
    expect(await availableTo(to)).toBe(0n);
  });
});

/** The same number with another last digit: a check digit that is wrong. */
function nextDigit(walletNumber: string): string {
  return walletNumber.slice(0, 12) + ((Number(walletNumber[12]) + 1) % 10);
}
