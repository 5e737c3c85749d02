import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newReference, RETURN_URL, submitPage } from "@/e2e/support/getmipay-fixture";
import {
  chargeOrder,
  PAY,
  type PaystackFixture,
  paystackBookOf,
  paystackEnv,
  startPaystackFixture,
} from "@/e2e/support/paystack-fixture";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";

const createAdapter = (url: string) =>
  createPaystack(parseSettings(paystackManifest.settings, paystackEnv(url)));

let fixture: PaystackFixture<ReturnType<typeof createAdapter>>;
beforeAll(async () => {
  fixture = await startPaystackFixture(createAdapter);
});
afterAll(() => fixture.close());

const waitForEvents = (reference: string, count: number) =>
  vi.waitFor(() => expect(fixture.receiver.events(reference)).toHaveLength(count), 5000);

describe("the checkout page", () => {
  it.each([
    ["fr", ["ceci n’est pas Paystack", "5\u202f000,00\u00a0₦", "Code secret", "Payer", "Annuler", "Carte"]],
    ["en", ["this is not Paystack", "₦5,000.00", "PIN", "Pay", "Cancel", "Card"]],
  ])(
    "in %s, says what is paid to whom, without the whole address and without scripts",
    async (lang, words) => {
      const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(newReference(), 500_000));
      const response = await fetch(`${paymentUrl}?lang=${lang}`);
      const page = await response.text();
      for (const word of [...words, `<html lang="${lang}">`, "Cauris", "0000", "aw•••@gmail.test"]) {
        expect(page).toContain(word);
      }
      expect(page).not.toContain("traore");
      expect(page).not.toContain("<script");
      const policy = response.headers.get("content-security-policy");
      expect(policy).toContain(`form-action 'self' ${new URL(RETURN_URL).origin}`);
    },
  );

  it("is in the language that the merchant named", async () => {
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(newReference(), 500_000));
    expect(await (await fetch(paymentUrl)).text()).toContain('<html lang="fr">');
  });

  it.each(["pay", "decline", ""])("a wrong PIN shows an error and changes nothing (%j)", async (action) => {
    const reference = newReference();
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, 500_000));
    const answer = await submitPage(paymentUrl, { pin: "1234", action });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("Code secret incorrect");
    expect(await paystackBookOf(fixture.sandbox, reference)).toMatchObject({
      state: "pending",
      timesPaid: 0,
    });
  });

  it("a payer who cancels goes back, and may still pay later", async () => {
    const reference = newReference();
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, 500_000));
    const answer = await submitPage(paymentUrl, { action: "cancel" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, RETURN_URL]);
    expect(await fixture.adapter.getCollection?.(reference, null)).toMatchObject({ status: "pending" });
    await submitPage(paymentUrl, PAY);
    await waitForEvents(reference, 1);
  });

  it("a bank that declines shows in queries, and sends no webhook; a later PIN changes nothing", async () => {
    const reference = newReference();
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, 500_000));
    await submitPage(paymentUrl, { pin: "0000", action: "decline" });
    await submitPage(paymentUrl, PAY);
    expect(await fixture.adapter.getCollection?.(reference, null)).toMatchObject({
      status: "failed",
      reasonCode: "declined",
    });
    expect(await paystackBookOf(fixture.sandbox, reference)).toMatchObject({ timesPaid: 0, webhooks: [] });
    expect(await (await fetch(paymentUrl)).text()).toContain("Ce paiement a été refusé.");
  });

  it("ten payers at once pay once", async () => {
    const reference = newReference();
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, 500_000));
    await Promise.all(Array.from({ length: 10 }, () => submitPage(paymentUrl, PAY)));
    await waitForEvents(reference, 1);
    expect(await paystackBookOf(fixture.sandbox, reference)).toMatchObject({ timesPaid: 1 });
  });

  it("an unknown payment is 404, and GetMiPay's page shows none of Paystack's", async () => {
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(newReference(), 500_000));
    const code = new URL(paymentUrl).pathname.split("/").at(-1);
    expect((await fetch(`${fixture.sandbox.url}/pay/${code}`)).status).toBe(404);
    expect((await fetch(`${fixture.sandbox.url}/paystack/checkout/0000000000000000`)).status).toBe(404);
  });
});
