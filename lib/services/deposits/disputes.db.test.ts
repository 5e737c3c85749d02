import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { PAYSTACK_KEY } from "@/e2e/support/paystack-fixture";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { createWebhookClient } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { auditLedger } from "@/lib/ledger/integrity/audit-ledger";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { verifyPaystackWebhook } from "@/lib/providers/paystack/webhook";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { listDisputes } from "../back-office/list-disputes";
import { keepDeposit, takeBackDeposit } from "../back-office/resolve-dispute";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { replayWebhook } from "../provider-events/replay-webhook";
import { sendTransfer } from "../transfers/send-transfer";
import { getWallet } from "../wallets/get-wallet";
import { collectOwed } from "./collect-owed";
import { startApiDeposit } from "./start-api-deposit";

/** Paystack's refunds and chargebacks of credited deposits: signed raw bytes in, state and ledger out. */
const { db, owner } = await useDatabase({ alone: true });
const client = createWebhookClient(db, owner);
const calls = createFakeProvider("paystack", { methods: PAYSTACK_METHODS });
calls.onCollection = async ({ reference }) => ({
  providerReference: reference,
  paymentUrl: `https://checkout.paystack.com/${reference}`,
});

beforeAll(() => {
  const verifyWebhook = (rawBody: Uint8Array, headers: Headers) =>
    verifyPaystackWebhook(rawBody, headers, PAYSTACK_KEY);
  overrideProviders([{ ...calls, verifyWebhook }]);
});
afterAll(async () => {
  overrideProviders(null);
  const report = await auditLedger(db);
  expect(report.filter(({ breaches }) => breaches !== 0n)).toEqual([]);
});

const system = () => createContext(db, { kind: "system" });
const decision = { operator: "ama", note: "Paystack refunded it" };
const available = ({ walletId }: TestUser) => client.balanceOf(chart.available(walletId, "NGN"));
const owed = async ({ walletId }: TestUser) => -(await client.balanceOf(chart.owed(walletId, "NGN")));
const stateOf = async (reference: string) => (await client.operation(reference)).state;

let charges = 1000;

/** Five thousand naira that came in; in kobo everywhere here. */
async function deposit(user?: TestUser) {
  const payer = user ?? (await createUser(db));
  const { reference } = await startApiDeposit(payer.context, {
    amountMinor: 500_000n,
    currency: "NGN",
    key: null,
  });
  charges += 1;
  const data = {
    id: charges,
    status: "success",
    reference,
    amount: 500_000,
    currency: "NGN",
    domain: "test",
  };
  await client.hear("paystack", { event: "charge.success", data });
  return { user: payer, reference, charge: data };
}

const refund = (reference: string, change: object = {}) => ({
  event: "refund.processed",
  data: {
    status: "processed",
    transaction_reference: reference,
    refund_reference: `RF-${reference}`,
    amount: "500000",
    currency: "NGN",
    domain: "test",
    ...change,
  },
});

/** One of a thousand naira, with the provider's name of it or without one. */
const smallRefund = (reference: string, name: string | null) =>
  refund(reference, { refund_reference: name && `${name}-${reference}`, amount: 100_000 });

const chargeback = (name: string, charge: object, change: object = {}) => ({
  event: `charge.dispute.${name}`,
  data: { id: 77, refund_amount: 500_000, currency: "NGN", domain: "test", transaction: charge, ...change },
});

async function spend(user: TestUser, amountMinor: bigint) {
  const other = await createUser(db);
  return await sendTransfer(user.context, {
    walletNumber: other.walletNumber,
    amount: money(amountMinor, "NGN"),
  });
}

describe("a refund or chargeback of a credited deposit", () => {
  it("makes it disputed and its event need review; nothing is posted", async () => {
    const { user, reference } = await deposit();
    const { status, event } = await client.hear("paystack", refund(reference));
    expect([status, event]).toMatchObject([
      200,
      { state: "needs_review", outcome: "refunded_after_credit", reference, kind: "dispute" },
    ]);
    expect([await stateOf(reference), await available(user)]).toEqual(["disputed", 500_000n]);
    const letters = await listDeadLetters(system());
    expect(letters.filter((letter) => letter.reference === reference).map(({ kind }) => kind)).toEqual([
      "event",
      "operation",
    ]);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "review",
      reason: "payment_refunded",
    });
  });

  it.each([
    ["create", {}, "dispute_begun"],
    ["remind", {}, "dispute_begun"],
    ["resolve", { status: "resolved", transaction: "reversed" }, "dispute_lost"],
  ])("charge.dispute.%s too", async (name, change, outcome) => {
    const { reference, charge } = await deposit();
    const transaction = "transaction" in change ? { ...charge, status: "reversed" } : charge;
    const body = chargeback(name, charge, { ...change, transaction });
    expect((await client.hear("paystack", body)).event).toMatchObject({
      state: "needs_review",
      outcome,
      reference,
    });
    expect(await stateOf(reference)).toBe("disputed");
  });

  it.each([
    ["message", (reference: string) => ({ message: { body: reference } })],
    ["list of texts", (reference: string) => ({ history: ["opened", reference] })],
    ["custom field", (reference: string) => ({ metadata: { order: reference } })],
  ])("of a foreign charge that quotes our reference in a %s disputes nothing", async (_, quote) => {
    const { reference, charge } = await deposit();
    const foreign = { ...charge, id: 999, reference: "shop-12345" };
    const body = chargeback("create", foreign, { id: `d-${reference}`, ...quote(reference) });
    expect((await client.hear("paystack", body)).event).toMatchObject({
      state: "needs_review",
      outcome: "only_mentioned",
      reference,
    });
    expect(await stateOf(reference)).toBe("succeeded");
  });

  it("before the credit only needs review, and the deposit can still be credited", async () => {
    const user = await createUser(db);
    const { reference } = await startApiDeposit(user.context, {
      amountMinor: 500_000n,
      currency: "NGN",
      key: null,
    });
    const { event } = await client.hear("paystack", refund(reference));
    expect(event).toMatchObject({ state: "needs_review", outcome: "disputed_before_credit", reference });
    expect(await stateOf(reference)).toBe("pending");
  });

  it("that failed ends the dispute: the deposit is kept", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", { ...refund(reference), event: "refund.pending" });
    expect(await stateOf(reference)).toBe("disputed");
    const { event } = await client.hear("paystack", { ...refund(reference), event: "refund.failed" });
    expect(event).toMatchObject({ state: "processed", outcome: "dispute_won" });
    expect([await stateOf(reference), await available(user)]).toEqual(["kept", 500_000n]);
  });

  it("is listed for the operator with its owner", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    const listed = (await listDisputes(system())).filter((each) => each.reference === reference);
    expect(listed).toMatchObject([
      {
        type: "refund",
        outcome: "lost",
        amount: { amountMinor: 200_000n },
        owner: expect.stringContaining(user.walletNumber),
      },
    ]);
  });
});

describe("taking a deposit back", () => {
  it("takes it from the available balance, once, and the owner reads why", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    const clearing = await client.balanceOf(chart.clearing("paystack", "NGN"));
    const resolution = await takeBackDeposit(system(), { reference, ...decision });
    expect(resolution).toMatchObject({
      outcome: "taken_back",
      taken: { amountMinor: 500_000n },
      owed: { amountMinor: 0n },
    });
    expect(await available(user)).toBe(0n);
    expect((await client.balanceOf(chart.clearing("paystack", "NGN"))) - clearing).toBe(500_000n);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "refunded",
      reason: "taken_back",
      takenBack: { amountMinor: 500_000n },
    });
    const again = await takeBackDeposit(system(), { reference, ...decision });
    expect(again).toEqual({ outcome: "not_open", state: "taken_back" });
    const letters = await listDeadLetters(system());
    expect(letters.filter((letter) => letter.reference === reference)).toEqual([]);
  });

  it("leaves what was spent as an amount owed, which the next deposit pays first", async () => {
    const { user, reference } = await deposit();
    await spend(user, 450_000n);
    await client.hear("paystack", refund(reference));
    const resolution = await takeBackDeposit(system(), { reference, ...decision });
    expect(resolution).toMatchObject({ taken: { amountMinor: 50_000n }, owed: { amountMinor: 450_000n } });
    expect([await available(user), await owed(user)]).toEqual([0n, 450_000n]);
    const wallet = await getWallet(user.context);
    expect(wallet.balances.find(({ currency }) => currency === "NGN")?.owed.amountMinor).toBe(450_000n);
    await deposit(user);
    expect([await available(user), await owed(user)]).toEqual([50_000n, 0n]);
  });

  it("has money that comes from another person pay what is owed", async () => {
    const [debtor, friend] = [await deposit(), await deposit()];
    await spend(debtor.user, 500_000n);
    await client.hear("paystack", refund(debtor.reference));
    await takeBackDeposit(system(), { reference: debtor.reference, ...decision });
    await sendTransfer(friend.user.context, {
      walletNumber: debtor.user.walletNumber,
      amount: money(200_000n, "NGN"),
    });
    expect(await collectOwed(system())).toBe(1);
    expect([await available(debtor.user), await owed(debtor.user)]).toEqual([0n, 300_000n]);
    expect(await collectOwed(system())).toBe(0);
  });

  it("in parts takes each part once, and never more than the deposit", async () => {
    const { user, reference } = await deposit();
    const part = (name: string, amount: number) => refund(reference, { refund_reference: name, amount });
    await client.hear("paystack", { ...part("RF-A", 200_000), event: "refund.pending" });
    await client.hear("paystack", part("RF-A", 200_000));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
    const repeated = await client.hear("paystack", { ...part("RF-A", 200_000), event: "refund.processing" });
    expect(repeated.event).toMatchObject({ state: "processed", outcome: "already_taken_back" });
    await client.hear("paystack", part("RF-B", 400_000));
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
    const third = await client.hear("paystack", part("RF-C", 100_000));
    expect(third.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    expect(await takeBackDeposit(system(), { reference, ...decision })).toMatchObject({
      taken: { amountMinor: 0n },
      owed: { amountMinor: 0n },
    });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("of a refund whose first event had no name takes it once", async () => {
    const { user, reference } = await deposit();
    const nameless = refund(reference, { refund_reference: null, amount: 200_000 });
    await client.hear("paystack", { ...nameless, event: "refund.pending" });
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("takes a refund that came while a chargeback was open, which was won then", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 601 }));
    const { event } = await client.hear("paystack", refund(reference));
    expect(event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    await client.hear("paystack", chargeback("resolve", charge, { id: 601, resolution: "declined" }));
    expect(await stateOf(reference)).toBe("disputed");
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("of a refund beside a chargeback takes no more than the deposit", async () => {
    const { user, reference, charge } = await deposit();
    await spend(user, 500_000n);
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    const lost = chargeback("resolve", charge, { id: 602, resolution: "merchant-accepted" });
    expect((await client.hear("paystack", lost)).event).toMatchObject({ outcome: "dispute_lost" });
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await owed(user), await stateOf(reference)]).toEqual([500_000n, "taken_back"]);
    expect(await getOperation(user.context, reference)).toMatchObject({
      takenBack: { amountMinor: 500_000n },
    });
  });

  it("of a chargeback that was accepted in part takes this part, whatever comes late", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 603 }));
    const part = { id: 603, refund_amount: 200_000, resolution: "merchant-accepted" };
    await client.hear("paystack", chargeback("resolve", charge, part));
    await client.hear("paystack", chargeback("remind", charge, { id: 603 }));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("of a chargeback accepted without an amount takes what was asked back before", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 604, refund_amount: 200_000 }));
    const lost = { id: 604, refund_amount: undefined, resolution: "auto-accepted" };
    await client.hear("paystack", chargeback("resolve", charge, lost));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("of two refunds of one amount takes both, whether their first events had a name or not", async () => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    const takeBack = () => takeBackDeposit(system(), { reference, ...decision });
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    await client.hear("paystack", named("RF-1"));
    await takeBack();
    await client.hear("paystack", { ...named(null), event: "refund.processing" });
    const second = await client.hear("paystack", named("RF-2"));
    expect(second.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    await takeBack();
    const third = await client.hear("paystack", named(null));
    expect(third.event).toMatchObject({ state: "needs_review" });
    expect([await available(user), await stateOf(reference)]).toEqual([300_000n, "disputed"]);
  });

  it.each([
    ["named", "RF-1", "dispute_won"],
    ["other", "RF-2", "not_disputed"],
    ["nameless", null, "not_disputed"],
  ])("isn't undone by a %s refund of the same amount that failed", async (kind, failing, outcome) => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    if (kind !== "named") await client.hear("paystack", named("RF-1"));
    const failed = await client.hear("paystack", { ...named(failing), event: "refund.failed" });
    expect(failed.event).toMatchObject({ outcome: kind === "nameless" ? "already_kept" : outcome });
    expect(await stateOf(reference)).toBe(kind === "named" ? "kept" : "disputed");
    if (kind === "named") await client.hear("paystack", named("RF-2"));
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await stateOf(reference)]).toEqual([400_000n, "taken_back"]);
  });

  it("before its refund had a name takes it once, also when its events come again", async () => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    await takeBackDeposit(system(), { reference, ...decision });
    const first = await client.hear("paystack", named("RF-1"));
    expect(first.event).toMatchObject({ state: "processed", outcome: "already_taken_back" });
    await replayWebhook(system(), BigInt(first.event?.id ?? 0));
    await processWebhook(system(), BigInt(first.event?.id ?? 0));
    expect([await available(user), await stateOf(reference)]).toEqual([400_000n, "taken_back"]);
    const failed = await client.hear("paystack", { ...named("RF-1"), event: "refund.failed" });
    expect(failed.event).toMatchObject({ state: "needs_review", outcome: "won_after_take_back" });
    const second = await client.hear("paystack", named("RF-2"));
    expect(second.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
  });

  it("survives its events again, its credit's too", async () => {
    const { user, reference, charge } = await deposit();
    const { event } = await client.hear("paystack", refund(reference));
    await takeBackDeposit(system(), { reference, ...decision });
    await replayWebhook(system(), BigInt(event?.id ?? 0));
    await processWebhook(system(), BigInt(event?.id ?? 0));
    await client.hear("paystack", { event: "charge.success", data: { ...charge, id: charge.id + 50_000 } });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("leaves events in review that are about something else", async () => {
    const { reference } = await deposit();
    const strange = { event: "charge.strange", data: { reference, amount: 500_000, currency: "NGN" } };
    const other = await client.hear("paystack", strange);
    expect(other.event).toMatchObject({ state: "needs_review", reference });
    await client.hear("paystack", refund(reference));
    await takeBackDeposit(system(), { reference, ...decision });
    const letters = (await listDeadLetters(system())).filter((letter) => letter.reference === reference);
    expect(letters).toMatchObject([{ kind: "event", id: other.event?.id }]);
  });

  it("is an operator's alone", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    for (const verb of [takeBackDeposit, keepDeposit]) {
      await expect(verb(user.context, { reference, ...decision })).rejects.toMatchObject({
        code: "unauthenticated",
      });
      const unknown = verb(system(), { reference: "TXN-NOBODYS", ...decision });
      await expect(unknown).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(listDisputes(user.context)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await stateOf(reference)).toBe("disputed");
  });

  it("thirty times at once, beside a spender, takes it once and nothing goes below zero", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    const spending = Array.from({ length: 10 }, () => spend(user, 40_000n).catch(() => null));
    const taking = Array.from({ length: 30 }, () => takeBackDeposit(system(), { reference, ...decision }));
    const resolutions = await Promise.all(taking);
    const spent = (await Promise.all(spending)).filter((sent) => sent !== null).length;
    expect(resolutions.filter(({ outcome }) => outcome === "taken_back")).toHaveLength(1);
    expect([await available(user), await owed(user)]).toEqual([0n, BigInt(spent) * 40_000n]);
  });
});

describe("keeping a deposit", () => {
  it("leaves the money, and a dispute that is lost later is disputed again", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 500 }));
    expect(await keepDeposit(system(), { reference, ...decision })).toEqual({ outcome: "kept" });
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "succeeded",
      reason: "dispute_ended",
    });
    expect(await available(user)).toBe(500_000n);
    const lost = chargeback("resolve", charge, { id: 500, resolution: "merchant-accepted" });
    expect((await client.hear("paystack", lost)).event).toMatchObject({ outcome: "dispute_lost" });
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await stateOf(reference)]).toEqual([0n, "taken_back"]);
  });

  it("which was told won after it was taken back needs review", async () => {
    const { reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 501 }));
    await takeBackDeposit(system(), { reference, ...decision });
    const won = chargeback("resolve", charge, { id: 501, resolution: "declined" });
    expect((await client.hear("paystack", won)).event).toMatchObject({
      state: "needs_review",
      outcome: "won_after_take_back",
    });
  });
});

describe("a dispute's row", () => {
  it("stays what it is, for the application and for the owner", async () => {
    const { reference } = await deposit();
    await client.hear("paystack", refund(reference));
    await keepDeposit(system(), { reference, ...decision });
    for (const statement of [
      "update disputes set subject = 'another'",
      "update disputes set operation_id = 1",
      "delete from disputes",
      "truncate disputes",
    ]) {
      await expect(db.$client.unsafe(statement)).rejects.toThrow("permission denied");
    }
    await expect(owner`delete from disputes`).rejects.toThrow("a row of disputes stays");
    await expect(owner`truncate disputes`).rejects.toThrow("a row of disputes stays");
    const kept = owner`update disputes set state = 'taken_back' where state = 'kept'`;
    await expect(kept).rejects.toThrow("disputed again before");
    const ended = owner`update disputes set amount_minor = 1 where state <> 'open'`;
    await expect(ended).rejects.toThrow("does not change");
  });
});
