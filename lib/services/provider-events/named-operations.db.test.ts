import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { adapterEnv } from "@/e2e/support/getmipay-fixture";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { createWebhookClient, getMiPaySignature, providerId } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { overrideProviders } from "@/lib/providers/registry";
import { startDeposit } from "../deposits/start-deposit";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { getWebhook } from "./get-webhook";
import { processWebhook } from "./process-webhook";
import { replayWebhook } from "./replay-webhook";

/** Which operation a GetMiPay event may move: the one that its own fields name, of the kind that the event is about. */
const { db, owner } = await useDatabase();
const client = createWebhookClient(db, owner);
const settings = parseSettings(getMiPayManifest.settings, adapterEnv("http://127.0.0.1:9"));
const calls = createFakeProvider("getmipay");
const ids = new Map<string, string>();
const answer = async ({ reference }: { reference: string }) => {
  const providerReference = providerId();
  ids.set(reference, providerReference);
  return { providerReference, paymentUrl: `https://getmipay.com/pay/${providerReference}` };
};
calls.onCollection = answer;
calls.onPayout = answer;

beforeAll(() => overrideProviders([{ ...calls, verifyWebhook: createGetMiPay(settings).verifyWebhook }]));
afterAll(() => overrideProviders(null));

const links = { returnUrl: () => "http://localhost/", locale: "fr", defaultCountry: "BF" } as const;
const form = { phone: "70000001", method: "wave", currency: "XOF" } as const;
const suspense = () => client.balanceOf(chart.suspense("XOF"));

async function deposit() {
  const { context, walletId } = await createUser(db);
  const { reference } = await startDeposit(context, { ...form, amount: "5000", key: randomUUID() }, links);
  const available = () => client.balanceOf(chart.available(walletId, "XOF"));
  return { reference, id: ids.get(reference) ?? "", available };
}

/** Two thousand francs on their way out of five. */
async function payout() {
  const { context, walletId } = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, walletId, money(5_000n, "XOF"));
  const { quoteId } = await quoteWithdrawal(context, { ...form, amount: "2000" }, "BF");
  const { id, reference } = await requestWithdrawal(context, { quoteId, pin: TEST_PIN });
  await submitWithdrawal(createContext(db, { kind: "system" }), id);
  const available = () => client.balanceOf(chart.available(walletId, "XOF"));
  return { reference, id: ids.get(reference) ?? "", available };
}

/** A payout whose call wasn't answered: nothing is known of it at the provider. */
async function unboundPayout() {
  const made = await payout();
  await owner`update operations set state = 'unknown' where reference = ${made.reference}`;
  await owner`alter table operations disable trigger operations_keep`;
  await owner`update operations set provider_reference = null where reference = ${made.reference}`;
  await owner`alter table operations enable trigger operations_keep`;
  return made;
}

describe("an event that only mentions an operation", () => {
  it.each([
    ["payout.failed", "failed", "description"],
    ["payout.completed", "success", "description"],
    ["payout.reversed", "reversed", "metadata"],
  ])("%s of another payout moves nothing, and needs review", async (event, status, member) => {
    const { reference, available } = await unboundPayout();
    const mention = member === "metadata" ? { for: [reference] } : reference;
    const data = { payout_id: providerId(), reference: "DASH-1", status, amount: 2000, [member]: mention };
    expect((await client.hear("getmipay", { event, data })).event).toMatchObject({
      state: "needs_review",
      outcome: "only_mentioned",
      reference,
    });
    expect([(await client.operation(reference)).state, await available()]).toEqual(["unknown", 3_000n]);
  });

  it("still only mentions it when it is replayed", async () => {
    const { reference } = await unboundPayout();
    const data = { payout_id: providerId(), status: "failed", amount: 2000, description: reference };
    const { event } = await client.hear("getmipay", { event: "payout.failed", data });
    const id = BigInt(event?.id ?? 0);
    const system = createContext(db, { kind: "system" });
    await replayWebhook(system, id);
    await processWebhook(system, id);
    expect(await getWebhook(system, id)).toMatchObject({ state: "needs_review", outcome: "only_mentioned" });
    expect((await client.operation(reference)).state).toBe("unknown");
  });

  it("of another payment credits nobody; the money goes to suspense", async () => {
    const { reference, available } = await deposit();
    const before = await suspense();
    const own = { transaction_id: providerId(), reference: "SHOP-7" };
    const data = { ...own, status: "success", amount: 5000, description: reference };
    const { event } = await client.hear("getmipay", { event: "payment.completed", data });
    expect(event).toMatchObject({ state: "needs_review", outcome: "only_mentioned", reference });
    expect([await available(), (await suspense()) - before]).toEqual([0n, 5_000n]);
    expect((await client.operation(reference)).state).toBe("pending");
  });

  it.each(["failed", "reversed"])("a payout that %s with another amount isn't refunded", async (status) => {
    const { reference, id, available } = await payout();
    const data = { payout_id: id, reference, status, amount: 1500 };
    const { event } = await client.hear("getmipay", { event: `payout.${status}`, data });
    expect(event).toMatchObject({ state: "needs_review", outcome: "amount_mismatch" });
    expect([(await client.operation(reference)).state, await available()]).toEqual(["submitted", 3_000n]);
  });
});

describe("an event under a name of payments and payouts", () => {
  const data = ({ reference, id }: { reference: string; id: string }, change: object = {}) => ({
    ...{ transaction_id: id, reference, status: "success", amount: 2000, ...change },
  });

  it.each([
    ["our reference", {}],
    ["only the provider's id", { reference: undefined }],
  ])("is about the payout that it names by %s", async (_, change) => {
    const made = await payout();
    const before = await suspense();
    const body = { event: "transaction.completed", data: data(made, change) };
    expect((await client.hear("getmipay", body)).event).toMatchObject({ outcome: "paid" });
    expect([(await client.operation(made.reference)).state, await suspense()]).toEqual(["paid", before]);
  });

  it("is about the deposit that it names", async () => {
    const made = await deposit();
    const body = { event: "transaction.updated", data: data(made, { amount: 5000 }) };
    expect((await client.hear("getmipay", body)).event).toMatchObject({ outcome: "credited" });
    expect(await made.available()).toBe(5_000n);
  });

  it("isn't understood when it names nothing of ours, and doesn't take the payment's key", async () => {
    const before = await suspense();
    const nobodys = { reference: "SHOP-1", id: providerId() };
    const body = { event: "transaction.completed", data: data(nobodys) };
    expect((await client.hear("getmipay", body)).event).toMatchObject({
      state: "needs_review",
      outcome: "not_understood",
    });
    expect(await suspense()).toBe(before);
    const clear = { event: "payment.completed", data: data(nobodys) };
    expect((await client.hear("getmipay", clear)).event).toMatchObject({ outcome: "unknown_reference" });
  });

  it.each([
    ["the seed's form", null, {}],
    ["a payment's name", "payment.completed", {}],
    ["a payment's name, with only the payout's id", "payment.completed", { reference: undefined }],
  ])("creates no money by a payout in %s", async (_, event, change) => {
    const made = await payout();
    const before = await suspense();
    const body = event === null ? { data: data(made) } : { event, data: data(made, change) };
    const signed = event === null ? { "x-signature": getMiPaySignature(JSON.stringify(data(made))) } : {};
    expect((await client.hear("getmipay", body, signed)).event).toMatchObject({
      state: "needs_review",
      outcome: "other_kind",
      reference: made.reference,
    });
    expect([(await client.operation(made.reference)).state, await suspense()]).toEqual(["submitted", before]);
  });
});
