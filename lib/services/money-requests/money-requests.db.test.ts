import { describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { setWalletFrozen } from "../back-office/freeze-wallet";
import { listNotices } from "../notice-delivery/list-notices";
import { confirmTransfer } from "../transfers/confirm-transfer";
import { getTransferQuote } from "../transfers/get-transfer-quote";
import { quoteTransfer } from "../transfers/quote-transfer";
import { blockRequester, unblockRequester } from "./block-requester";
import { createMoneyRequest } from "./create-money-request";
import { cancelMoneyRequest, declineMoneyRequest } from "./end-money-request";
import {
  findPaidRequest,
  getMoneyRequest,
  getMoneyRequestByToken,
  previewMoneyRequest,
} from "./get-money-request";
import { listMoneyRequests } from "./list-money-requests";
import { payMoneyRequest } from "./pay-money-request";
import { OPEN_REQUESTS_MAX } from "./policy";
import { quoteMoneyRequest } from "./quote-money-request";

const { db, owner } = await useDatabase();

async function payer(francs = 5_000n): Promise<TestUser> {
  const person = await createUser(db, { firstName: "Moussa", lastName: "Diallo", pin: TEST_PIN });
  if (francs > 0n) await fundWallet(db, person.walletId, money(francs, "XOF"));
  return person;
}

const form = (overrides: Partial<Parameters<typeof createMoneyRequest>[1]> = {}) => ({
  walletNumber: "",
  amount: "1 500",
  currency: "XOF" as const,
  note: " Pour le riz ",
  key: newKey(),
  ...overrides,
});

/** A request of `from`, open to whoever has its link unless `to` is asked by name. */
async function ask(from: TestUser, to?: TestUser) {
  const { requestId } = await createMoneyRequest(
    from.context,
    form({ walletNumber: to?.walletNumber ?? "" }),
  );
  const { token } = await getMoneyRequest(from.context, requestId);
  return { requestId, token: token ?? "" };
}

async function quote(by: TestUser, request: { requestId: string; token: string }): Promise<string> {
  return (await quoteMoneyRequest(by.context, request)).quoteId;
}

async function availableTo({ walletId }: TestUser): Promise<bigint | undefined> {
  return (await getBalances(db, [chart.available(walletId, "XOF")]))[0]?.amountMinor;
}

async function expire(requestId: string): Promise<void> {
  // As time passes: what was asked doesn't change, so its trigger is off meanwhile.
  await owner.begin(async (sql) => {
    await sql`alter table money_requests disable trigger money_requests_keep`;
    await sql`update money_requests set expires_at = now() - interval '1 second' where id = ${requestId}`;
    await sql`alter table money_requests enable trigger money_requests_keep`;
  });
}

async function noticesOf({ userId }: TestUser, kind: string): Promise<number> {
  const [row] = await owner<{ n: number }[]>`
    select count(*)::int as n from notices where user_id = ${userId.toString()} and kind = ${kind}`;
  return row?.n ?? 0;
}

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((each) => (each.status === "rejected" ? [(each.reason as { code: string }).code] : []));

describe("asking for money", () => {
  it("by a link: anybody who has it sees who asks, and may pay; nobody else finds it", async () => {
    const [asker, other] = [await createUser(db), await payer()];
    const { requestId, token } = await ask(asker);
    expect(token).toMatch(/^[\w-]{22}$/);
    expect(await getMoneyRequestByToken(other.context, token)).toMatchObject({
      id: requestId,
      amount: money(1_500n, "XOF"),
      note: "Pour le riz",
      status: "open",
      requester: { name: "Awa T.", walletNumber: asker.walletNumber },
      payer: null,
      isMine: false,
      token: null,
    });
    await expect(getMoneyRequest(other.context, requestId)).rejects.toMatchObject({ code: "not_found" });
    await expect(quote(other, { requestId, token: "A".repeat(22) })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getMoneyRequestByToken(other.context, `${token.slice(0, -1)}~`)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await previewMoneyRequest(other.context, token)).toEqual({
      amount: money(1_500n, "XOF"),
      status: "open",
    });
    const rows = await owner`select * from money_requests where id = ${requestId}`;
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("by name: the one who is asked is told, and nobody else may see or pay it, link or not", async () => {
    const [asker, asked, other] = [await createUser(db), await payer(), await payer()];
    const { requestId, token } = await ask(asker, asked);
    const [notice] = (await listNotices(asked.context, undefined)).notices;
    const path = `/wallet/requests/${requestId}`;
    expect(notice).toMatchObject({ kind: "money_requested", name: "Awa T.", path });
    expect((await listMoneyRequests(asked.context)).received.map(({ id }) => id)).toEqual([requestId]);
    await expect(getMoneyRequestByToken(other.context, token)).rejects.toMatchObject({ code: "not_found" });
    await expect(quote(other, { requestId, token })).rejects.toMatchObject({ code: "not_found" });
    await expect(declineMoneyRequest(other.context, requestId)).rejects.toMatchObject({ code: "not_found" });
    await expect(cancelMoneyRequest(asked.context, requestId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("reports all issues at once, and takes the same key once", async () => {
    const asker = await createUser(db);
    const wrong = form({ walletNumber: "123", amount: "-5", note: "a".repeat(141) });
    await expect(createMoneyRequest(asker.context, wrong)).rejects.toMatchObject({
      details: {
        issues: [
          { field: "walletNumber", reason: "wallet_number_invalid" },
          { field: "note", reason: "too_long" },
          { field: "amount", reason: "not_positive" },
        ],
      },
    });
    const own = form({ walletNumber: asker.walletNumber });
    await expect(createMoneyRequest(asker.context, own)).rejects.toMatchObject({
      details: { issues: [{ field: "walletNumber", reason: "recipient_self" }] },
    });
    const typed = form();
    const made = await Promise.all(Array.from({ length: 5 }, () => createMoneyRequest(asker.context, typed)));
    expect(new Set(made.map(({ requestId }) => requestId)).size).toBe(1);
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
    await expect(createMoneyRequest(asker.context, { ...typed, amount: "2" })).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
  });

  it(`at most ${OPEN_REQUESTS_MAX} are open at once, also with all of them asked together`, async () => {
    const asker = await createUser(db);
    const outcomes = await Promise.allSettled(
      Array.from({ length: OPEN_REQUESTS_MAX + 5 }, () => createMoneyRequest(asker.context, form())),
    );
    expect(codesOf(outcomes)).toEqual(Array(5).fill("validation_failed"));
    const [first] = (await listMoneyRequests(asker.context)).asked;
    await cancelMoneyRequest(asker.context, first?.id ?? "");
    await createMoneyRequest(asker.context, form());
  });

  it("the same person too often a day is refused", async () => {
    const [asker, asked] = [await createUser(db), await createUser(db)];
    for (let time = 0; time < 5; time += 1) await ask(asker, asked);
    await expect(ask(asker, asked)).rejects.toMatchObject({ code: "rate_limited" });
  });
});

describe("paying a request", () => {
  it("moves the money to the one who asked, once, and tells them", async () => {
    const [asker, by] = [await createUser(db), await payer()];
    const request = await ask(asker, by);
    const quoteId = await quote(by, request);
    expect(await getTransferQuote(by.context, quoteId)).toMatchObject({
      recipient: { walletNumber: asker.walletNumber },
      amount: money(1_500n, "XOF"),
      note: "Pour le riz",
      moneyRequestId: request.requestId,
    });
    const { reference } = await payMoneyRequest(by.context, { quoteId, pin: TEST_PIN });
    expect(await payMoneyRequest(by.context, { quoteId, pin: "0000" })).toEqual({ reference });
    expect([await availableTo(asker), await availableTo(by)]).toEqual([1_500n, 3_500n]);
    for (const person of [asker, by]) {
      expect(await getMoneyRequest(person.context, request.requestId)).toMatchObject({
        status: "paid",
        paymentReference: reference,
      });
      expect(await findPaidRequest(person.context, reference)).toMatchObject({ id: request.requestId });
    }
    expect(await noticesOf(asker, "money_request_paid")).toBe(1);
    await expect(quote(by, request)).rejects.toMatchObject({ code: "money_request_closed" });
  });

  it("by its link is seen afterwards by the one who paid, and by nobody else who has the link", async () => {
    const [asker, by, other] = [await createUser(db), await payer(), await payer()];
    const request = await ask(asker);
    const { reference } = await payMoneyRequest(by.context, {
      quoteId: await quote(by, request),
      pin: TEST_PIN,
    });
    expect(await getMoneyRequest(by.context, request.requestId)).toMatchObject({
      paymentReference: reference,
    });
    expect(await getMoneyRequestByToken(other.context, request.token)).toMatchObject({
      status: "paid",
      paymentReference: null,
    });
    await expect(getMoneyRequest(other.context, request.requestId)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await findPaidRequest(other.context, reference)).toBeNull();
    expect(await findPaidRequest(asker.context, reference)).toMatchObject({
      id: request.requestId,
      isMine: true,
    });
  });

  it("needs the right PIN, and its quote is confirmed by nothing else", async () => {
    const [asker, by] = [await createUser(db), await payer()];
    const quoteId = await quote(by, await ask(asker));
    await expect(payMoneyRequest(by.context, { quoteId, pin: "5813" })).rejects.toMatchObject({
      code: "pin_wrong",
    });
    await expect(confirmTransfer(by.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "not_found",
    });
    const typed = { walletNumber: asker.walletNumber, amount: "10", currency: "XOF", note: "" } as const;
    const plain = await quoteTransfer(by.context, typed);
    await expect(
      payMoneyRequest(by.context, { quoteId: plain.quoteId, pin: TEST_PIN }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await availableTo(asker)).toBe(0n);
  });

  it("is refused to the one who asks, without the money, and to a frozen wallet", async () => {
    const [asker, poor, frozen] = [await payer(), await payer(100n), await payer()];
    const request = await ask(asker);
    await expect(quote(asker, request)).rejects.toMatchObject({ code: "recipient_is_self" });
    await expect(quote(poor, request)).rejects.toMatchObject({ code: "insufficient_funds" });
    const quoteId = await quote(frozen, request);
    const order = { walletNumber: frozen.walletNumber, operator: "test", note: "test" };
    await setWalletFrozen({ ...frozen.context, actor: { kind: "system" } }, order, true);
    await expect(payMoneyRequest(frozen.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "wallet_frozen",
    });
    expect(await getMoneyRequest(asker.context, request.requestId)).toMatchObject({ status: "open" });
  });

  it("by two people and by each several times at once is paid once", async () => {
    const [asker, one, two] = [await createUser(db), await payer(), await payer()];
    const request = await ask(asker);
    const calls = [];
    for (const by of [one, two]) {
      const quotes = [await quote(by, request), await quote(by, request)];
      for (const quoteId of [...quotes, ...quotes]) {
        calls.push(() => payMoneyRequest(by.context, { quoteId, pin: TEST_PIN }));
      }
    }
    const outcomes = await Promise.allSettled(calls.map((call) => call()));
    const paid = outcomes.flatMap((each) => (each.status === "fulfilled" ? [each.value.reference] : []));
    expect(new Set(paid).size).toBe(1);
    expect(new Set(codesOf(outcomes))).toEqual(new Set(["money_request_closed"]));
    expect(await availableTo(asker)).toBe(1_500n);
    expect(((await availableTo(one)) ?? 0n) + ((await availableTo(two)) ?? 0n)).toBe(8_500n);
  });

  it("while it is cancelled and declined at once ends in one of the three", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [asker, by] = [await createUser(db), await payer()];
      const request = await ask(asker, by);
      const quoteId = await quote(by, request);
      const outcomes = await Promise.allSettled([
        payMoneyRequest(by.context, { quoteId, pin: TEST_PIN }),
        cancelMoneyRequest(asker.context, request.requestId),
        declineMoneyRequest(by.context, request.requestId),
      ]);
      expect(codesOf(outcomes)).toEqual(["money_request_closed", "money_request_closed"]);
      const { status } = await getMoneyRequest(asker.context, request.requestId);
      expect(await availableTo(asker)).toBe(status === "paid" ? 1_500n : 0n);
    }
  });

  it("after its date it can't be quoted, paid, declined or cancelled", async () => {
    const [asker, by] = [await createUser(db), await payer()];
    const request = await ask(asker, by);
    const quoteId = await quote(by, request);
    await expire(request.requestId);
    expect(await getMoneyRequest(by.context, request.requestId)).toMatchObject({ status: "expired" });
    const closed = { code: "money_request_closed" };
    await expect(payMoneyRequest(by.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject(closed);
    await expect(quote(by, request)).rejects.toMatchObject(closed);
    await expect(declineMoneyRequest(by.context, request.requestId)).rejects.toMatchObject(closed);
    await expect(cancelMoneyRequest(asker.context, request.requestId)).rejects.toMatchObject(closed);
    expect(await availableTo(asker)).toBe(0n);
  });
});

describe("declining and blocking", () => {
  it("a declined request is declined for good, and the one who asked is told once", async () => {
    const [asker, asked] = [await createUser(db), await payer()];
    const request = await ask(asker, asked);
    await declineMoneyRequest(asked.context, request.requestId);
    await declineMoneyRequest(asked.context, request.requestId);
    expect(await noticesOf(asker, "money_request_declined")).toBe(1);
    await expect(cancelMoneyRequest(asker.context, request.requestId)).rejects.toMatchObject({
      code: "money_request_closed",
    });
  });

  it("requests of somebody who was blocked aren't told or listed, and the asker can't tell", async () => {
    const [asker, asked] = [await createUser(db), await payer()];
    const { requestId } = await ask(asker, asked);
    await blockRequester(asked.context, { requestId, token: "" });
    const later = await ask(asker, asked);
    expect(await noticesOf(asked, "money_requested")).toBe(1);
    const list = await listMoneyRequests(asked.context);
    expect(list.received).toEqual([]);
    expect(list.blocked).toEqual([{ name: "Awa T.", walletNumber: asker.walletNumber }]);
    expect(await getMoneyRequest(asker.context, later.requestId)).toMatchObject({ status: "open" });
    await unblockRequester(asked.context, asker.walletNumber);
    expect((await listMoneyRequests(asked.context)).received).toHaveLength(2);
  });
});

describe("the database", () => {
  it("refuses what no verb does", async () => {
    const [asker, by] = [await createUser(db), await payer()];
    const { requestId } = await ask(asker, by);
    const sql = db.$client;
    const typed = { walletNumber: asker.walletNumber, amount: "10", currency: "XOF", note: "" } as const;
    const { quoteId } = await quoteTransfer(by.context, typed);
    const { reference } = await confirmTransfer(by.context, { quoteId, pin: TEST_PIN });
    await expect(
      sql`update money_requests set state = 'paid', payment_reference = ${reference}, closed_at = now() where id = ${requestId}`,
    ).rejects.toThrow("paid by its own transfer");
    await sql`update money_requests set state = 'cancelled', closed_at = now() where id = ${requestId}`;
    await expect(
      sql`update money_requests set state = 'declined', closed_at = now() where id = ${requestId}`,
    ).rejects.toThrow("does not lead to");
    await expect(owner`update money_requests set amount_minor = 1 where id = ${requestId}`).rejects.toThrow(
      "does not change",
    );
    await expect(owner`delete from money_requests where id = ${requestId}`).rejects.toThrow();
    await expect(sql`update money_requests set note = 'x' where id = ${requestId}`).rejects.toThrow(
      "permission denied",
    );
  });
});
