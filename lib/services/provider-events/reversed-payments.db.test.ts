import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { adapterEnv } from "@/e2e/support/getmipay-fixture";
import { createUser } from "@/e2e/support/people";
import { createWebhookClient, providerId } from "@/e2e/support/webhook-events";
import { chart } from "@/lib/ledger/chart";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { overrideProviders } from "@/lib/providers/registry";
import { startDeposit } from "../deposits/start-deposit";

/** GetMiPay v1, which has no query: a payment given back must be remembered, in whatever order its events come. */
const { db, owner } = await useDatabase();
const client = createWebhookClient(db, owner);
const settings = parseSettings(getMiPayManifest.settings, adapterEnv("http://127.0.0.1:9"));
const calls = createFakeProvider("getmipay");
calls.onCollection = async () => {
  const providerReference = providerId();
  return { providerReference, paymentUrl: `https://getmipay.com/pay/${providerReference}` };
};

beforeAll(() => overrideProviders([{ ...calls, verifyWebhook: createGetMiPay(settings).verifyWebhook }]));
afterAll(() => overrideProviders(null));

const links = { returnUrl: () => "http://localhost/", locale: "fr", defaultCountry: "BF" } as const;
const form = { phone: "70000001", method: "wave", currency: "XOF", amount: "5000" } as const;

async function deposit() {
  const { context, walletId } = await createUser(db);
  const { reference } = await startDeposit(context, { ...form, key: randomUUID() }, links);
  const [row] = await owner<{ id: string }[]>`
    select provider_reference as id from operations where reference = ${reference}`;
  const id = row?.id ?? "";
  const hear = async (event: string, status: string, change: object = {}) =>
    (
      await client.hear("getmipay", {
        event,
        data: { transaction_id: id, reference, status, amount: 5000, currency: "XOF", ...change },
      })
    ).event;
  const available = () => client.balanceOf(chart.available(walletId, "XOF"));
  return { reference, hear, available };
}

const suspense = () => client.balanceOf(chart.suspense("XOF"));
const REVIEW = { state: "needs_review", outcome: "reversed_before_credit" };

describe("a reversal that is heard before its payment", () => {
  it.each([
    ["pending", "failed", "payment.reversed", "reversed"],
    ["pending", "failed", "payment.refunded", "refunded"],
    ["failed", "failed", "payment.refunded", "refunded"],
    ["cancelled", "failed", "payment.refunded", "refunded"],
    ["expired", "expired", "payment.reversed", "returned"],
  ])(
    "of a deposit that is %s is kept: a payment needs review, and nothing is posted",
    async (before, ...rest) => {
      const [after, event, status] = rest;
      const paid = await deposit();
      if (before === "expired")
        await owner`update operations set state = 'expired', reason = 'expired' where reference = ${paid.reference}`;
      else if (before !== "pending")
        await paid.hear("payment.failed", "failed", before === "cancelled" ? { reason: "cancelled" } : {});
      const booked = await suspense();
      expect(await paid.hear(event, status)).toMatchObject({ ...REVIEW, reference: paid.reference });
      const stored = { state: after, reason: "refunded_before_credit" };
      expect(await client.operation(paid.reference)).toEqual(stored);
      expect(await paid.hear("payment.completed", "success")).toMatchObject(REVIEW);
      expect(await client.operation(paid.reference)).toEqual(stored);
      expect([await paid.available(), await suspense()]).toEqual([0n, booked]);
    },
  );

  it("of a deposit in review is kept as well", async () => {
    const paid = await deposit();
    await paid.hear("payment.completed", "success", { amount: 4000 });
    expect(await paid.hear("payment.reversed", "reversed")).toMatchObject(REVIEW);
    expect(await client.operation(paid.reference)).toMatchObject({ state: "review" });
    expect(await paid.available()).toBe(0n);
  });
});
