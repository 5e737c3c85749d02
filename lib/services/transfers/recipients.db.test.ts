import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { getProfile } from "../identity/users/get-profile";
import { setPayableByPhone } from "../identity/users/set-payable-by-phone";
import { getTransferQuote } from "./get-transfer-quote";
import { listRecentRecipients } from "./list-recent-recipients";
import { lookUpRecipient } from "./look-up-recipient";
import { quoteTransfer } from "./quote-transfer";
import { readRecipient } from "./read-recipient";
import { sendTransfer } from "./send-transfer";

const { db, owner } = await useDatabase();

let counted = 0;
/** A Burkinabè mobile number that no other test has. */
function newPhone(): string {
  counted += 1;
  return `+22675${String(counted).padStart(2, "0")}${String(process.pid % 10_000).padStart(4, "0")}`;
}

/** A new account, which is found by its number once that is verified. */
async function personWithPhone(phone: string, { verified = true } = {}) {
  const person = await createUser(db, { firstName: "Moussa", lastName: "Diallo" });
  await owner`update users set phone = ${phone}, phone_verified_at = ${verified ? new Date() : null}
    where id = ${person.userId.toString()}`;
  return person;
}

const pay = async (from: TestUser, to: TestUser) =>
  await sendTransfer(from.context, {
    walletNumber: to.walletNumber,
    amount: money(1n, "XOF"),
    key: newKey(),
  });

describe("a recipient by phone number", () => {
  it("is found however the number is written, and the quote keeps the wallet", async () => {
    const phone = newPhone();
    const [from, to] = [await createUser(db), await personWithPhone(phone)];
    await fundWallet(db, from.walletId, money(100n, "XOF"));
    const national = phone.slice(4);
    for (const typed of [
      phone,
      national.replace(/(..)(?=.)/g, "$1 "),
      `00226${national}`,
      `226-${national}`,
    ]) {
      expect(await lookUpRecipient(from.context, typed)).toMatchObject({
        walletNumber: to.walletNumber,
        name: "Moussa D.",
      });
    }
    const typed = { walletNumber: national, amount: "50", currency: "XOF", note: "" } as const;
    const { quoteId } = await quoteTransfer(from.context, typed);
    await owner`update users set phone = null, phone_verified_at = null where id = ${to.userId.toString()}`;
    expect(await getTransferQuote(from.context, quoteId)).toMatchObject({
      recipient: { walletNumber: to.walletNumber },
    });
    const kept = await owner`select * from quotes where id = ${quoteId}`;
    expect(JSON.stringify(kept.map(({ phone: kept }) => kept))).toBe("[null]");
  });

  it("answers the same for a number that nobody has, that isn't verified, or whose owner doesn't allow it", async () => {
    const from = await createUser(db);
    const [unverified, hidden] = [newPhone(), newPhone()];
    await personWithPhone(unverified, { verified: false });
    const { context } = await personWithPhone(hidden);
    expect(await lookUpRecipient(from.context, hidden)).toMatchObject({ name: "Moussa D." });
    await setPayableByPhone(context, false);
    expect(await getProfile(context)).toMatchObject({ isPayableByPhone: false });
    const frozen = newPhone();
    const { userId } = await personWithPhone(frozen);
    await owner`update users set frozen_at = now() where id = ${userId.toString()}`;
    const answers = [];
    for (const phone of [newPhone(), unverified, hidden, frozen]) {
      answers.push(await lookUpRecipient(from.context, phone).catch((error: unknown) => error));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: "recipient_not_found" });
  });

  it("counts against the limit of names, found or not; one's own number is one's own", async () => {
    const own = newPhone();
    const from = await personWithPhone(own);
    await expect(lookUpRecipient(from.context, own)).rejects.toMatchObject({ code: "recipient_is_self" });
    for (let time = 1; time < 20; time += 1) {
      await expect(lookUpRecipient(from.context, "+22675999999")).rejects.toMatchObject({
        code: "recipient_not_found",
      });
    }
    await expect(lookUpRecipient(from.context, "+22675999999")).rejects.toMatchObject({
      code: "rate_limited",
    });
    await expect(lookUpRecipient(from.context, "12")).rejects.toMatchObject({ code: "validation_failed" });
  });
});

describe("what was typed as a recipient", () => {
  it("is a wallet number, a phone number, either or neither", () => {
    expect(readRecipient("1234 5678 9012 8", "BF")).toEqual({ walletNumber: "1234567890128", phone: null });
    expect(readRecipient("70 12 34 56", "BF")).toEqual({ walletNumber: null, phone: "+22670123456" });
    expect(readRecipient("+225 07 12 34 56 78", "BF")).toMatchObject({ phone: "+2250712345678" });
    expect(readRecipient("0803 123 4567", "NG")).toMatchObject({ phone: "+2348031234567" });
    expect(readRecipient("2250712345676", "BF")).toMatchObject({ phone: "+2250712345676" });
    expect(readRecipient("<b>1</b>", "BF")).toEqual({ walletNumber: null, phone: null });
  });
});

describe("recent recipients", () => {
  it("are the last five, each once, the latest first, without frozen ones", async () => {
    const from = await createUser(db);
    await fundWallet(db, from.walletId, money(100n, "XOF"));
    const others = [];
    for (let each = 0; each < 7; each += 1) others.push(await createUser(db));
    for (const other of others) await pay(from, other);
    const [first, second] = others;
    if (!first || !second) throw new Error("seven were made");
    await pay(from, first);
    await owner`update users set frozen_at = now() where id = ${others[6]?.userId.toString() ?? ""}`;
    const recent = await listRecentRecipients(from.context);
    const numbers = [first, ...others.slice(2, 6).reverse()].map(({ walletNumber }) => walletNumber);
    expect(recent.map(({ walletNumber }) => walletNumber)).toEqual(numbers);
    expect(recent[0]).toEqual({ walletNumber: first.walletNumber, name: "Awa T." });
    expect(await listRecentRecipients(second.context)).toEqual([]);
  });
});
