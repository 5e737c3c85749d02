import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startReceiver } from "@/e2e/support/callback-receiver";
import {
  adapterEnv,
  bookOf,
  CONFIRM,
  collect,
  type Fixture,
  fastOptions,
  KEYS,
  newReference,
  payOut,
  postJson,
  startGetMiPayFixture,
  submitPage,
} from "@/e2e/support/getmipay-fixture";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createGetMiPay } from "@/lib/providers/getmipay";
import { getMiPayManifest } from "@/lib/providers/getmipay/manifest";
import { createPublicGetMiPay } from "@/lib/providers/getmipay/public";
import { startSandbox } from "./server";

const SERVICES = "wave:BF=901,moov_money:BF=902,orange_money:BF=5";

function createAdapter(url: string, change: Parameters<typeof adapterEnv>[1] = {}) {
  const env = {
    ...adapterEnv(`${url}/api/v1`, change),
    GETMIPAY_DIALECT: "public",
    GETMIPAY_SERVICES: SERVICES,
  };
  return createPublicGetMiPay(parseSettings(getMiPayManifest.settings, env));
}

let fixture: Fixture & { adapter: ReturnType<typeof createAdapter> };
beforeAll(async () => {
  const started = await startGetMiPayFixture(createAdapter);
  fixture = { ...started, adapter: createAdapter(started.sandbox.url) };
});
afterAll(() => fixture.close());

const waitForEvents = (reference: string, count: number) =>
  vi.waitFor(() => expect(fixture.receiver.events(reference)).toHaveLength(count), 5000);

function collectBy(method: string, reference: string, phone = "+22670000001") {
  return fixture.adapter.createCollection({
    ...{ reference, amount: money(5000n, "XOF"), phone, method, userId: "user-1" },
    ...{ returnUrl: "http://localhost:3000/wallet", callbackUrl: fixture.receiver.url, locale: "fr" },
  });
}

describe("a deposit and a payout in the public dialect", () => {
  it("a deposit by Wave goes through the page; its callback is a hint, and a query confirms it", async () => {
    const reference = newReference();
    const { paymentUrl, providerReference } = await collect(fixture, reference, 5000);
    expect(providerReference).toMatch(/^MPAYIN_[0-9A-F]{12}\/MLS[0-9a-f]{14}$/);
    expect(paymentUrl).toBe(`${fixture.sandbox.url}/pay/${providerReference.split("/")[0]}?lang=fr`);
    expect(await fixture.adapter.getCollection(reference, providerReference)).toMatchObject({
      status: "pending",
    });

    expect(await (await submitPage(paymentUrl, CONFIRM)).text()).toContain("Ce paiement est fait.");
    await waitForEvents(reference, 1);
    const { event } = fixture.receiver.deliveries.find((each) => each.event?.reference === reference) ?? {};
    expect(event).toMatchObject({ kind: "collection", reference, providerReference, status: "succeeded" });
    expect(await fixture.adapter.getCollection(reference, providerReference)).toEqual({
      status: "succeeded",
      providerReference,
      amount: money(5000n, "XOF"),
      currencyCode: "XOF",
      reasonCode: null,
      live: null,
    });
    expect(await bookOf(fixture, reference)).toMatchObject({
      state: "completed",
      timesPaid: 1,
      paidAmount: 5000,
    });
  });

  it("a deposit by Moov is a prompt on the phone: no page, and it is paid all the same", async () => {
    const reference = newReference();
    const { paymentUrl, providerReference } = await collectBy("moov_money", reference);
    expect(paymentUrl).toBe("http://localhost:3000/wallet");
    await waitForEvents(reference, 1);
    const state = await fixture.adapter.getCollection(reference, providerReference);
    expect(state).toMatchObject({ status: "succeeded", amount: { amountMinor: 5000n } });
  });

  it("cancelled on its page, it has failed", async () => {
    const reference = newReference();
    const { paymentUrl, providerReference } = await collect(fixture, reference, 5000);
    await submitPage(paymentUrl, { action: "cancel" });
    await waitForEvents(reference, 1);
    const state = await fixture.adapter.getCollection(reference, providerReference);
    expect(state).toMatchObject({ status: "failed" });
  });

  it("a payout settles by itself; no callback is sent, and a query confirms it", async () => {
    const reference = newReference();
    const { providerReference } = await payOut(fixture, reference, 2000);
    expect(providerReference).toMatch(/^MPAYOUT_/);
    await vi.waitFor(
      async () =>
        expect(await fixture.adapter.getPayout(reference, providerReference)).toMatchObject({
          status: "succeeded",
          amount: { amountMinor: 2000n },
        }),
      5000,
    );
    expect(fixture.receiver.events(reference)).toEqual([]);
    expect(await bookOf(fixture, reference)).toMatchObject({ timesPaid: 1, webhooks: [{ dropped: true }] });
  });

  it("requested twice, a payout is paid twice: that is why it is never sent again", async () => {
    const reference = newReference();
    const one = await payOut(fixture, reference, 2000);
    const other = await payOut(fixture, reference, 2000);
    expect(one.providerReference).not.toBe(other.providerReference);
    for (const { providerReference } of [one, other]) {
      await vi.waitFor(
        async () =>
          expect(await fixture.adapter.getPayout(reference, providerReference)).toMatchObject({
            status: "succeeded",
          }),
        5000,
      );
    }
    const paid = fixture.sandbox.book.list("payout").filter((entry) => entry.reference === reference);
    expect(paid.map(({ timesPaid }) => timesPaid)).toEqual([1, 1]);
  });
});

describe("what a query finds", () => {
  it("nothing by our own reference", async () => {
    const reference = newReference();
    await collect(fixture, reference, 5000);
    expect(await fixture.adapter.getCollection(reference, null)).toMatchObject({ status: "not_found" });
    expect(await fixture.adapter.getPayout(newReference(), null)).toMatchObject({ status: "not_found" });
  });

  it("a transaction by one of its ids, and none by another transaction's second id", async () => {
    const reference = newReference();
    const { providerReference } = await collect(fixture, reference, 5000);
    const [orderId = ""] = providerReference.split("/");
    expect(await fixture.adapter.getCollection(reference, orderId)).toMatchObject({ providerReference });
    expect(await fixture.adapter.getCollection(reference, `${orderId}/MLSother`)).toMatchObject({
      status: "not_found",
    });
  });

  it("nothing of the other dialect", async () => {
    const seed = createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(fixture.sandbox.url)));
    const { providerReference } = await payOut({ ...fixture, adapter: seed }, newReference(), 2000);
    expect(await fixture.adapter.getPayout("TXN-X", providerReference)).toMatchObject({
      status: "not_found",
    });
  });
});

describe("both dialects at once", () => {
  it("one book has the entries of both dialects, each shown in its own way", async () => {
    const seed = {
      ...fixture,
      adapter: createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(fixture.sandbox.url))),
    };
    const ours = newReference();
    const theirs = newReference();
    const receiver = await startReceiver(seed.adapter.verifyWebhook);
    await Promise.all([payOut({ ...seed, receiver }, theirs, 2000), collectBy("moov_money", ours)]);
    await vi.waitFor(() => expect(receiver.events(theirs)).toEqual(["payout.completed"]), 5000);
    await vi.waitFor(() => expect(fixture.receiver.events(ours)).toEqual(["hint.success"]), 5000);
    expect(await bookOf(fixture, theirs)).toMatchObject({ provider: "getmipay", state: "completed" });
    expect(await bookOf(fixture, ours)).toMatchObject({ provider: "getmipay", state: "completed" });
    await receiver.close();
  });

  it("the seed's idempotency doesn't extend to it", async () => {
    const seed = {
      ...fixture,
      adapter: createGetMiPay(parseSettings(getMiPayManifest.settings, adapterEnv(fixture.sandbox.url))),
    };
    const reference = newReference();
    await payOut(fixture, reference, 2000);
    expect((await payOut(seed, reference, 2000)).providerReference).toMatch(/^gmp_pay_/);
  });
});

describe("callbacks of the public dialect", () => {
  it("carry no signature, and at another address than ours they are refused", async () => {
    const seen: { headers: Headers; body: string }[] = [];
    const receiver = await startReceiver((rawBody, headers) => {
      seen.push({ headers, body: Buffer.from(rawBody).toString() });
      return { reference: null, eventKey: "seen:1" };
    });
    const sandbox = await startSandbox(fastOptions({ webhookUrl: receiver.url }));
    await payOut({ ...fixture, adapter: createAdapter(sandbox.url) }, newReference(), 2000);
    await vi.waitFor(() => expect(seen).toHaveLength(1), 5000);
    const [callback] = seen;
    expect([...(callback?.headers.keys() ?? [])].filter((name) => name.includes("signature"))).toEqual([]);
    const body = Buffer.from(callback?.body ?? "");
    expect(fixture.adapter.verifyWebhook(body, new Headers(), new URL(receiver.url))).toBeNull();
    await sandbox.close();
    await receiver.close();
  });

  it("a dropped one can be sent again", async () => {
    const reference = newReference();
    const { paymentUrl } = await collect(fixture, reference, 1004);
    await submitPage(paymentUrl, CONFIRM);
    const answer = await postJson(`${fixture.sandbox.url}/_resend/${reference}`, {});
    expect(await answer.json()).toEqual({ event: "payin.success", status: 200 });
    expect(fixture.receiver.events(reference)).toEqual(["hint.success"]);
  });
});

describe("requests that the public dialect refuses", () => {
  it.each([{ apiKey: "pk_test_another" }, { secretKey: "sk_test_another_0123456789" }])(
    "with %o: no token, which is our configuration's fault",
    async (change) => {
      const adapter = createAdapter(fixture.sandbox.url, change);
      const refused = payOut({ ...fixture, adapter }, newReference(), 2000);
      await expect(refused).rejects.toMatchObject({ kind: "unavailable", providerCode: "http_401" });
    },
  );

  it("a token that it didn't issue, or that has expired", async () => {
    for (const token of ["x", `${Date.now() + 1e6}.00`, `${Date.now() - 1}.00`]) {
      const answer = await fetch(`${fixture.sandbox.url}/api/v1/transaction-check`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: "{}",
      });
      expect(answer.status).toBe(401);
    }
  });

  it("Orange collects with a one-time code only, and pays out without", async () => {
    const refused = collectBy("orange_money", newReference());
    await expect(refused).rejects.toMatchObject({ kind: "declined", providerCode: "http_422" });
    await payOut(fixture, newReference(), 2000);
  });

  it("an amount below the minimum; a payout that calls itself a collection", async () => {
    await expect(collect(fixture, newReference(), 99)).rejects.toMatchObject({ kind: "declined" });
    const auth = await postJson(`${fixture.sandbox.url}/api/v1/action/auth`, {
      public_apikey: KEYS.apiKey,
      private_secretkey: KEYS.secretKey,
    });
    const { data } = (await auth.json()) as {
      data: { token: string; expires_at: string; token_type: string };
    };
    expect(data.token_type).toBe("bearer");
    expect(Date.parse(data.expires_at)).toBeGreaterThan(Date.now());
    const answer = await fetch(`${fixture.sandbox.url}/api/v1/payouts`, {
      method: "POST",
      headers: { authorization: `Bearer ${data.token}`, operation: "2", service: "5" },
      body: "{}",
    });
    expect([answer.status, await answer.json()]).toMatchObject([400, { success: false }]);
  });

  it("callbacks that don't stay on this machine", async () => {
    const far = { ...fixture, receiver: { ...fixture.receiver, url: "http://198.51.100.1/webhook/" } };
    await expect(collect(far, newReference(), 5000)).rejects.toMatchObject({ kind: "declined" });
  });
});

describe("the public dialect's entries on disk", () => {
  it("survive a stop: tokens hold, what was pending goes on, nothing is paid twice", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "cauris-sandbox-"));
    const first = await startSandbox(fastOptions({ dataDir, payoutDelayMs: 60_000 }));
    const adapter = createAdapter(first.url);
    const reference = newReference();
    const { providerReference } = await payOut({ ...fixture, adapter }, reference, 2000);
    await first.close();
    const second = await startSandbox(fastOptions({ dataDir, port: first.port }));
    await vi.waitFor(
      async () =>
        expect(await adapter.getPayout(reference, providerReference)).toMatchObject({ status: "succeeded" }),
      5000,
    );
    expect(second.book.find("payout", reference)).toMatchObject({ timesPaid: 1 });
    await second.close();
    rmSync(dataDir, { recursive: true });
  });
});
