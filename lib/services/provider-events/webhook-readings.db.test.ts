import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, type FakeProvider } from "@/e2e/support/fake-provider";
import { adapterEnv } from "@/e2e/support/getmipay-fixture";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { createWebhookClient, getMiPaySignature, providerId } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { log } from "@/lib/log";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { logDeadLetters } from "../back-office/log-dead-letters";
import { startDeposit } from "../deposits/start-deposit";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { processWebhook } from "./process-webhook";

/** GetMiPay v1: the real reading of its callbacks, with calls that answer at once. Raw bytes in, state and ledger out. */
const { db, owner } = await useDatabase();
const client = createWebhookClient(db, owner);
const settings = parseSettings(getMiPayManifest.settings, adapterEnv("http://127.0.0.1:9"));
const calls: FakeProvider = createFakeProvider("getmipay");
const ids = new Map<string, string>();
const answer = async ({ reference }: { reference: string }) => {
  const providerReference = providerId();
  ids.set(reference, providerReference);
  return { providerReference, paymentUrl: `https://getmipay.com/pay/${providerReference}` };
};
calls.onCollection = answer;
calls.onPayout = answer;

beforeAll(() => {
  const { verifyWebhook } = createGetMiPay(settings);
  overrideProviders([{ ...calls, verifyWebhook }]);
});
afterAll(() => overrideProviders(null));
afterEach(() => vi.restoreAllMocks());

const system = () => createContext(db, { kind: "system" });
const links = { returnUrl: () => "http://localhost/", locale: "fr", defaultCountry: "BF" } as const;
const form = { phone: "70000001", method: "wave", currency: "XOF" } as const;

/** Five thousand francs that somebody new is about to pay. */
async function deposit() {
  const user = await createUser(db);
  const { reference } = await startDeposit(
    user.context,
    { ...form, amount: "5000", key: randomUUID() },
    links,
  );
  return { user, reference, id: ids.get(reference) ?? "" };
}

/** Two thousand francs on their way out of five. */
async function payout() {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  const { quoteId } = await quoteWithdrawal(user.context, { ...form, amount: "2000" }, "BF");
  const { id: operationId, reference } = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  await submitWithdrawal(system(), operationId);
  return { user, reference, id: ids.get(reference) ?? "" };
}

const available = ({ walletId }: TestUser) => client.balanceOf(chart.available(walletId, "XOF"));
const held = ({ walletId }: TestUser) => client.balanceOf(chart.held(walletId, "XOF"));
const suspense = () => client.balanceOf(chart.suspense("XOF"));

interface Named {
  reference: string;
  id: string;
}

const completed = ({ reference, id }: Named, change: object = {}) => ({
  event: "payment.completed",
  transaction_id: id,
  data: { transaction_id: id, reference, status: "success", amount: 5000, currency: "XOF", ...change },
});

describe("a payment is credited, however its event is written", () => {
  it.each<[string, (named: Named) => string | object]>([
    ["SUCCESS", (named) => completed(named, { status: "SUCCESS" })],
    ["paid", (named) => completed(named, { status: "paid" })],
    [
      "payment.success",
      (named) => ({ ...completed(named, { status: "successful" }), event: "Payment.Success" }),
    ],
    ["no currency", (named) => completed(named, { currency: undefined })],
    ["a null currency", (named) => completed(named, { currency: null })],
    ["a lower-case currency", (named) => completed(named, { currency: "xof" })],
    ["a text for an amount", (named) => completed(named, { amount: "5000" })],
    ["a text with decimals", (named) => completed(named, { amount: "5000.00" })],
    ["5000.0", (named) => JSON.stringify(completed(named)).replace(":5000,", ":5000.0,")],
    ["5e3", (named) => JSON.stringify(completed(named)).replace(":5000,", ":5e3,")],
    ["only the provider's id", (named) => completed(named, { reference: undefined })],
    [
      "only the provider's id, as `id`",
      ({ id }) => ({ event: "payment.completed", data: { id, status: "success", amount: 5000 } }),
    ],
    ["a reference of the provider's own", (named) => completed(named, { reference: "GMP-2026-77" })],
    [
      "our reference under another name",
      ({ reference }) => ({
        event: "payment.completed",
        data: { order_id: reference, status: "success", amount: 5000 },
      }),
    ],
    ["no data around it", (named) => ({ event: "payment.completed", ...completed(named).data })],
  ])("%s", async (_, write) => {
    const paid = await deposit();
    const { status, event } = await client.hear("getmipay", write(paid));
    expect([status, event]).toMatchObject([
      200,
      { state: "processed", outcome: "credited", reference: paid.reference },
    ]);
    expect(await available(paid.user)).toBe(5_000n);
  });

  it.each(["5000.0", "5000.00", "5e3"])("signed as in the seed, with the amount %s", async (amount) => {
    const { user, reference, id } = await deposit();
    const data = `{"transaction_id":"${id}","reference":"${reference}","status":"success","amount":${amount},"note":"payé"}`;
    const signed = `{"amount": ${amount}, "note": "pay\\u00e9", "reference": "${reference}", "status": "success", "transaction_id": "${id}"}`;
    const { status } = await client.hear("getmipay", `{"event":"payment.completed","data":${data}}`, {
      "x-signature": getMiPaySignature(signed),
    });
    expect([status, await available(user)]).toEqual([200, 5_000n]);
  });

  it("with its signature in upper case", async () => {
    const paid = await deposit();
    const body = JSON.stringify(completed(paid));
    const signature = getMiPaySignature(body).toUpperCase();
    const { status } = await client.hear("getmipay", body, { "x-signature": signature });
    expect([status, await available(paid.user)]).toEqual([200, 5_000n]);
  });

  it("and once, however many differently worded events there are", async () => {
    const paid = await deposit();
    await client.hear("getmipay", completed(paid, { status: "SUCCESS" }));
    await client.hear("getmipay", { ...completed(paid, { status: "paid" }), event: "payment.paid" });
    await client.hear("getmipay", completed(paid, { reference: undefined }));
    expect(await available(paid.user)).toBe(5_000n);
  });
});

describe("a payout ends, however its event is written", () => {
  it.each([
    ["payout.success", "SUCCESSFUL", "paid", 3_000n],
    ["payout.paid", "paid", "paid", 3_000n],
    ["PAYOUT.COMPLETED", "Completed", "paid", 3_000n],
    ["payout.failed", "FAILED", "refunded", 5_000n],
    ["payout.cancelled", "cancelled", "refunded", 5_000n],
    ["payout.failure", "rejected", "refunded", 5_000n],
  ])("%s, %s: %s", async (event, status, state, left) => {
    const { user, reference, id } = await payout();
    await client.hear("getmipay", { event, data: { payout_id: id, reference, status, amount: 2000 } });
    expect((await client.operation(reference)).state).toBe(state);
    expect([await available(user), await held(user)]).toEqual([left, 0n]);
  });

  it.each(["payout_id", "id", "transaction_id"])("named only by its %s", async (name) => {
    const { user, reference, id } = await payout();
    const data = { [name]: id, status: "success", amount: 2000, currency: "XOF" };
    const { event } = await client.hear("getmipay", { event: "payout.completed", data });
    expect(event).toMatchObject({ state: "processed", reference });
    expect([(await client.operation(reference)).state, await held(user)]).toEqual(["paid", 0n]);
  });

  it("waits while the call that tells us the provider's id is under way", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    calls.onPayout = async (request) => {
      const answered = await answer(request);
      await gate;
      return answered;
    };
    const before = calls.payouts.length;
    const paying = payout();
    await expect.poll(() => calls.payouts.length).toBe(before + 1);
    const id = ids.get(calls.payouts.at(-1)?.reference ?? "") ?? "";
    const body = { event: "payout.completed", data: { payout_id: id, status: "success", amount: 2000 } };
    await expect(client.hear("getmipay", body)).rejects.toThrow("isn't bound");
    open();
    calls.onPayout = answer;
    const { reference } = await paying;
    const [stored] = await owner<
      { id: string }[]
    >`select id from webhook_events where event_key = ${`payout.completed:${id}`}`;
    await processWebhook(system(), BigInt(stored?.id ?? 0));
    expect((await client.operation(reference)).state).toBe("paid");
  });
});

describe("what isn't understood", () => {
  it.each<[string, (named: Named) => string | object]>([
    ["an unknown event", (named) => ({ ...completed(named), event: "payment.escalated" })],
    ["an unknown status", (named) => completed(named, { status: "settled_maybe" })],
    ["a contradiction", (named) => completed(named, { status: "failed" })],
    ["a list", (named) => [completed(named)]],
    ["another kind", ({ reference }) => ({ event: "kyc.updated", data: { for: reference } })],
    ["only the provider's id, deep inside", ({ id }) => ({ event: "x", data: { a: { b: [{ c: id }] } } })],
  ])("and names something of ours (%s) needs review, is logged once, and listed", async (_, write) => {
    const paid = await deposit();
    const error = vi.spyOn(log, "error");
    const { status, event } = await client.hear("getmipay", write(paid));
    expect([status, event]).toMatchObject([
      200,
      { state: "needs_review", outcome: "not_understood", reference: paid.reference },
    ]);
    await logDeadLetters(system());
    const ofEvent = ([details]: unknown[]) => JSON.stringify(details).includes(`"${event?.id}"`);
    expect(error.mock.calls.filter(ofEvent)).toHaveLength(1);
    const deadLetters = await listDeadLetters(system());
    expect(deadLetters.filter(({ kind, id }) => kind === "event" && id === event?.id)).toMatchObject([
      {
        reference: paid.reference,
        why: "not_understood",
        owner: expect.stringContaining(paid.user.walletNumber),
      },
    ]);
    expect(await available(paid.user)).toBe(0n);
  });

  it.each([
    '{"event":"test.webhook","transaction_id":null,"data":null}',
    "{}",
    "[]",
    '{"event":"ping"}',
    '{"event":"payment.completed"}',
  ])("and names nothing of ours is answered 200 and kept: %s", async (body) => {
    const { status, event } = await client.hear(
      "getmipay",
      body.replace("}", `,"n":"${randomUUID()}"}`).replace("{,", "{"),
    );
    expect([status, event]).toMatchObject([200, { state: "ignored", outcome: "unknown_event" }]);
  });

  it("and can't be read needs review", async () => {
    const { status, event } = await client.hear("getmipay", `event=payment.completed&n=${randomUUID()}`);
    expect([status, event]).toMatchObject([200, { state: "needs_review", outcome: "unreadable_event" }]);
  });
});

describe("money that can't be credited isn't lost", () => {
  it("of another amount goes to suspense, and the deposit to review", async () => {
    const paid = await deposit();
    const before = await suspense();
    const { event } = await client.hear("getmipay", completed(paid, { amount: "4000.00" }));
    expect(event).toMatchObject({ state: "needs_review", outcome: "amount_mismatch" });
    expect([(await suspense()) - before, (await client.operation(paid.reference)).state]).toEqual([
      4_000n,
      "review",
    ]);
  });

  it("in a currency that is no currency goes to suspense as francs", async () => {
    const paid = await deposit();
    const before = await suspense();
    const { event } = await client.hear("getmipay", completed(paid, { currency: 952 }));
    expect(event).toMatchObject({ state: "needs_review", outcome: "currency_mismatch" });
    expect((await suspense()) - before).toBe(5_000n);
  });

  it.each([{ currency: "XAF" }, { amount: undefined }, { amount: "5000.50" }])(
    "and whose amount can't be booked (%j) puts the deposit in review, listed",
    async (change) => {
      const paid = await deposit();
      const { event } = await client.hear("getmipay", completed(paid, change));
      expect(event?.state).toBe("needs_review");
      expect((await client.operation(paid.reference)).state).toBe("review");
      const deadLetters = await listDeadLetters(system());
      expect(
        deadLetters.filter(({ reference }) => reference === paid.reference).map(({ kind }) => kind),
      ).toEqual(["event", "operation"]);
    },
  );

  it.each([{ amount: undefined }, { amount: "five thousand" }, { currency: "XAF" }])(
    "and that is told again in full after an event without its amount (%j) is credited, once",
    async (change) => {
      const paid = await deposit();
      const cut = completed(paid, change);
      expect((await client.hear("getmipay", cut)).event?.state).toBe("needs_review");
      expect((await client.hear("getmipay", cut)).event).toBeNull();
      const { event } = await client.hear("getmipay", completed(paid));
      expect(event).toMatchObject({ state: "processed", outcome: "credited" });
      expect((await client.hear("getmipay", completed(paid))).event).toBeNull();
      expect(await available(paid.user)).toBe(5_000n);
    },
  );

  it("named by an id that nobody knows goes to suspense", async () => {
    const before = await suspense();
    const { event } = await client.hear(
      "getmipay",
      completed({ reference: "TXN-NOBODYS", id: providerId() }),
    );
    expect(event).toMatchObject({ state: "needs_review", outcome: "unknown_reference" });
    expect((await suspense()) - before).toBe(5_000n);
  });
});
