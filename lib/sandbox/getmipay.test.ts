import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  adapterEnv,
  bookOf,
  CONFIRM,
  collect,
  type Fixture,
  fastOptions,
  newReference,
  payOut,
  postJson,
  RETURN_URL,
  startGetMiPayFixture,
  submitPage,
} from "@/e2e/support/getmipay-fixture";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { startSandbox } from "./server";

function createAdapter(url: string, change: Parameters<typeof adapterEnv>[1] = {}) {
  return createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(url, change)));
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startGetMiPayFixture((url) => createAdapter(url));
});
afterAll(() => fixture.close());

const waitForEvents = (reference: string, count: number) =>
  vi.waitFor(() => expect(fixture.receiver.events(reference)).toHaveLength(count), 5000);

describe("a deposit and a payout", () => {
  it("a deposit goes through the page and comes back as one webhook", async () => {
    const reference = newReference();
    const { paymentUrl, providerReference } = await collect(fixture, reference, 5000);
    expect(paymentUrl).toBe(`${fixture.sandbox.url}/pay/${providerReference}?lang=fr`);
    expect(await bookOf(fixture, reference)).toMatchObject({ state: "pending", timesPaid: 0, webhooks: [] });

    const answer = await submitPage(paymentUrl, CONFIRM);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, RETURN_URL]);
    await waitForEvents(reference, 1);
    const { event } =
      fixture.receiver.deliveries.find((delivery) => delivery.event?.reference === reference) ?? {};
    expect(event).toEqual({
      kind: "collection",
      status: "succeeded",
      eventKey: `payment.completed:${providerReference}`,
      reference,
      providerReference,
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: false,
      mentions: expect.arrayContaining([reference]),
    });
    expect(await bookOf(fixture, reference)).toMatchObject({
      state: "completed",
      timesPaid: 1,
      paidAmount: 5000,
    });
  });

  it("a payout settles by itself", async () => {
    const reference = newReference();
    const { providerReference } = await payOut(fixture, reference, 2000);
    await waitForEvents(reference, 1);
    const { event } =
      fixture.receiver.deliveries.find((delivery) => delivery.event?.reference === reference) ?? {};
    expect(event).toMatchObject({ kind: "payout", status: "succeeded", providerReference });
    expect(await bookOf(fixture, reference)).toMatchObject({
      state: "completed",
      timesPaid: 1,
      phone: "+226 •••• 02",
    });
  });

  it("the same reference twice is one payout; with another amount it is refused", async () => {
    const reference = newReference();
    const answers = await Promise.all(Array.from({ length: 10 }, () => payOut(fixture, reference, 2000)));
    expect(new Set(answers.map((answer) => answer.providerReference)).size).toBe(1);
    await expect(payOut(fixture, reference, 3000)).rejects.toMatchObject({ kind: "duplicate" });
    await waitForEvents(reference, 1);
    expect(await bookOf(fixture, reference)).toMatchObject({ timesPaid: 1, submissions: 10 });
  });
});

describe("the payment page", () => {
  it.each([
    [
      "fr",
      ["Bac à sable : aucun argent réel", "5\u00a0000\u00a0FCFA", "Code secret", "Confirmer", "Annuler"],
    ],
    ["en", ["Sandbox: no real money", "FCFA\u00a05,000", "PIN", "Confirm", "Cancel"]],
  ])("in %s shows amount and payee, without the whole phone and without scripts", async (lang, words) => {
    const { paymentUrl } = await collect(fixture, newReference(), 5000);
    const response = await fetch(paymentUrl.replace("lang=fr", `lang=${lang}`));
    const page = await response.text();
    for (const word of [...words, `<html lang="${lang}">`, "Cauris", "Wave", "0000", "+226 •••• 01"]) {
      expect(page).toContain(word);
    }
    expect(page).not.toContain("70000001");
    expect(page).not.toContain("<script");
    const policy = response.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${new URL(RETURN_URL).origin}`);
  });

  it("a wrong PIN shows an error and moves nothing", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 5000);
    for (const pin of ["", "1234", "00000"]) {
      const answer = await submitPage(paymentUrl, { pin, action: "confirm" });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("Code secret incorrect");
    }
    expect(await bookOf(fixture, reference)).toMatchObject({ state: "pending", timesPaid: 0 });
  });

  it("ten confirms at once pay once and send one webhook", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 5000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => submitPage(paymentUrl, CONFIRM)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(303));
    await waitForEvents(reference, 1);
    const entry = await bookOf(fixture, reference);
    expect(entry?.timesPaid).toBe(1);
    expect(entry?.webhooks).toHaveLength(1);
    expect(await (await fetch(paymentUrl)).text()).toContain("Ce paiement est fait.");
  });

  it("cancelling fails it, and a confirm after that changes nothing", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 5000);
    expect((await submitPage(paymentUrl, { action: "cancel" })).headers.get("location")).toBe(RETURN_URL);
    expect((await submitPage(paymentUrl, CONFIRM)).status).toBe(303);
    await waitForEvents(reference, 1);
    expect(fixture.receiver.events(reference)).toEqual(["payment.failed"]);
    expect(await bookOf(fixture, reference)).toMatchObject({ state: "failed", timesPaid: 0 });
    expect(await (await fetch(paymentUrl)).text()).toContain("n’a pas été fait");
  });

  it("an unknown payment and a payout have no page", async () => {
    const { providerReference } = await payOut(fixture, newReference(), 2000);
    for (const id of ["gmp_txn_none", providerReference]) {
      expect((await fetch(`${fixture.sandbox.url}/pay/${id}`)).status).toBe(404);
    }
  });
});

describe("requests that GetMiPay refuses", () => {
  it.each([{ apiKey: "pk_test_another" }, { secretKey: "sk_test_another_0123456789" }])(
    "with %o: 401, which is our configuration's fault",
    async (change) => {
      const reference = newReference();
      const other = { ...fixture, adapter: createAdapter(fixture.sandbox.url, change) };
      await expect(payOut(other, reference, 2000)).rejects.toMatchObject({
        kind: "unavailable",
        providerCode: "unauthorized",
      });
      expect(await bookOf(fixture, reference)).toBeUndefined();
    },
  );

  it("an amount below the minimum, an unknown method, a card as payout", async () => {
    await expect(collect(fixture, newReference(), 99)).rejects.toMatchObject({
      providerCode: "invalid_amount",
    });
    const payout = {
      reference: newReference(),
      amount: money(2000n, "XOF"),
      phone: "+22670000002",
      userId: "user-1",
      callbackUrl: fixture.receiver.url,
    };
    for (const method of ["visa", "paypal"]) {
      await expect(fixture.adapter.createPayout({ ...payout, method })).rejects.toMatchObject({
        kind: "declined",
        providerCode: "invalid_method",
      });
    }
  });

  it("webhooks only go to this machine", async () => {
    const far = { ...fixture, receiver: { ...fixture.receiver, url: "http://198.51.100.1/webhook/" } };
    await expect(payOut(far, newReference(), 2000)).rejects.toMatchObject({
      providerCode: "invalid_callback_url",
    });
  });

  it("a Host header that isn't this machine gets nothing", async () => {
    const status = await new Promise((resolve, reject) => {
      const options = {
        port: fixture.sandbox.port,
        host: "127.0.0.1",
        path: "/_book",
        headers: { host: "evil.test" },
      };
      request(options, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it("a body that is too large is refused", async () => {
    const response = await fetch(`${fixture.sandbox.url}/v1/payments/initiate`, {
      method: "POST",
      body: "x".repeat(70_000),
    });
    expect(response.status).toBe(413);
  });
});

describe("the inspection routes", () => {
  it("a webhook is retried until it is accepted", async () => {
    const reference = newReference();
    fixture.receiver.respondAbout(reference, 503, 2);
    await payOut(fixture, reference, 2000);
    await waitForEvents(reference, 3);
    await vi.waitFor(
      async () => expect((await bookOf(fixture, reference))?.webhooks[0]?.delivered).toBe(true),
      5000,
    );
    expect(new Set(fixture.receiver.events(reference))).toEqual(new Set(["payout.completed"]));
  });

  it("a dropped webhook can be sent again", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 1004);
    await submitPage(paymentUrl, CONFIRM);
    expect((await bookOf(fixture, reference))?.webhooks).toMatchObject([{ dropped: true, attempts: 0 }]);
    const answer = await postJson(`${fixture.sandbox.url}/_resend/${reference}`, {});
    expect(await answer.json()).toEqual({ event: "payment.completed", status: 200 });
    expect(fixture.receiver.events(reference)).toEqual(["payment.completed"]);
    expect((await postJson(`${fixture.sandbox.url}/_resend/TXN-NONE`, {})).status).toBe(404);
  });

  it("a scenario by reference wins over the amount, before and after the request", async () => {
    const url = `${fixture.sandbox.url}/_scenario`;
    const before = newReference();
    await postJson(url, { reference: before, scenario: "payout_failed" });
    await payOut(fixture, before, 2000);
    await waitForEvents(before, 1);
    expect(fixture.receiver.events(before)).toEqual(["payout.failed"]);

    const after = newReference();
    const { paymentUrl } = await collect(fixture, after, 5000);
    await postJson(url, { reference: after, scenario: "payment_declined" });
    await submitPage(paymentUrl, CONFIRM);
    await waitForEvents(after, 1);
    expect(fixture.receiver.events(after)).toEqual(["payment.failed"]);

    expect((await postJson(url, { reference: after, scenario: "nonsense" })).status).toBe(400);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(415);
  });
});

describe("the book on disk", () => {
  it("survives a stop: pending payouts go on, undelivered webhooks are sent, nothing is paid twice", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "cauris-sandbox-"));
    const first = await startGetMiPayFixture((url) => createAdapter(url), {
      dataDir,
      payoutDelayMs: 60_000,
      retryDelaysMs: [60_000],
    });
    const pending = newReference();
    const undelivered = newReference();
    const open = newReference();
    await payOut(first, pending, 2000);
    first.receiver.respondWith(503);
    await submitPage((await collect(first, undelivered, 5000)).paymentUrl, CONFIRM);
    await vi.waitFor(() => expect(first.receiver.events(undelivered)).toHaveLength(1), 5000);
    await collect(first, open, 7000);
    first.receiver.respondWith(200);
    await first.sandbox.close();

    const second = { ...first, sandbox: await startSandbox(fastOptions({ dataDir })) };
    await vi.waitFor(() => expect(first.receiver.events(pending)).toEqual(["payout.completed"]), 5000);
    await vi.waitFor(() => expect(first.receiver.events(undelivered)).toHaveLength(2), 5000);
    for (const reference of [pending, undelivered]) {
      await vi.waitFor(async () =>
        expect((await bookOf(second, reference))?.webhooks[0]?.delivered).toBe(true),
      );
      expect(await bookOf(second, reference)).toMatchObject({ state: "completed", timesPaid: 1 });
    }
    expect(await bookOf(second, open)).toMatchObject({ state: "pending", timesPaid: 0 });
    await second.sandbox.close();
    await first.receiver.close();
    rmSync(dataDir, { recursive: true });
  });
});
