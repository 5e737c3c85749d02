import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  fastOptions,
  KEYS,
  newReference,
  postJson,
  RETURN_URL,
  submitPage,
} from "@/e2e/support/getmipay-fixture";
import {
  chargeOrder,
  PAY,
  PAYSTACK_KEY,
  type PaystackFixture,
  paystackBookOf,
  paystackEnv,
  startPaystackFixture,
  transferOrder,
  transferReference,
} from "@/e2e/support/paystack-fixture";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";
import { startSandbox } from "./server";
import { parseSandboxSettings } from "./settings";

const createAdapter = (url: string) =>
  createPaystack(parseSettings(paystackManifest.settings, paystackEnv(url)));

let fixture: PaystackFixture<ReturnType<typeof createAdapter>>;
beforeAll(async () => {
  fixture = await startPaystackFixture(createAdapter);
});
afterAll(() => fixture.close());

const waitForEvents = (reference: string, count: number) =>
  vi.waitFor(() => expect(fixture.receiver.events(reference)).toHaveLength(count), 5000);
const eventOf = (reference: string) =>
  fixture.receiver.deliveries.find(({ event }) => event?.reference === reference)?.event;

describe("a deposit and a payout", () => {
  it("a deposit goes through the checkout, sends one webhook, and can be queried before and after", async () => {
    const { adapter, sandbox } = fixture;
    const reference = newReference();
    const { paymentUrl, providerReference } = await adapter.createCollection(chargeOrder(reference, 500_000));
    expect(providerReference).toBe(reference);
    expect(paymentUrl).toMatch(`${sandbox.url}/paystack/checkout/`);
    expect(await adapter.getCollection?.(reference, null)).toMatchObject({ status: "pending", live: false });

    const answer = await submitPage(paymentUrl, PAY);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(`${RETURN_URL}?trxref=${reference}&reference=${reference}`);
    await waitForEvents(reference, 1);
    const state = {
      status: "succeeded",
      providerReference: reference,
      amount: money(500_000n, "NGN"),
      currencyCode: "NGN",
      reasonCode: null,
      live: false,
    };
    const eventKey = expect.stringMatching(/^charge\.success:[0-9]+$/);
    expect(eventOf(reference)).toMatchObject({ ...state, kind: "collection", reference, eventKey });
    expect(await adapter.getCollection?.(reference, null)).toEqual({ ...state, paidAt: expect.any(Date) });
    expect(await paystackBookOf(sandbox, reference)).toMatchObject({
      provider: "paystack",
      state: "completed",
      timesPaid: 1,
      paidAmount: 500_000,
    });
  });

  it("a payout goes to a bank account, sends one webhook, and can be queried", async () => {
    const { adapter, sandbox } = fixture;
    const reference = newReference();
    const { providerReference } = await adapter.createPayout(transferOrder(reference, 200_000));
    await waitForEvents(reference, 1);
    expect(eventOf(reference)).toMatchObject({
      kind: "payout",
      status: "succeeded",
      providerReference,
      amount: money(200_000n, "NGN"),
    });
    expect(await adapter.getPayout?.(reference, null)).toMatchObject({
      status: "succeeded",
      providerReference,
    });
    expect(await paystackBookOf(sandbox, reference)).toMatchObject({
      reference: transferReference(reference),
      timesPaid: 1,
      phone: "0123 •••• 89",
    });
  });

  it("ten sends of one reference pay once: the others are duplicates", async () => {
    const reference = newReference();
    const sent = await Promise.allSettled(
      Array.from({ length: 10 }, () => fixture.adapter.createPayout(transferOrder(reference, 200_000))),
    );
    expect(sent.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of sent) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ kind: "duplicate" });
    }
    await waitForEvents(reference, 1);
    expect(await paystackBookOf(fixture.sandbox, reference)).toMatchObject({ timesPaid: 1, submissions: 10 });
    const charge = chargeOrder(newReference(), 500_000);
    await fixture.adapter.createCollection(charge);
    await expect(fixture.adapter.createCollection(charge)).rejects.toMatchObject({ kind: "duplicate" });
  });

  it("an unknown reference is not found", async () => {
    const reference = newReference();
    expect(await fixture.adapter.getCollection?.(reference, null)).toMatchObject({ status: "not_found" });
    expect(await fixture.adapter.getPayout?.(reference, null)).toMatchObject({ status: "not_found" });
  });

  it("the merchant's balance follows the book", async () => {
    const balance = async () => {
      const headers = { authorization: `Bearer ${PAYSTACK_KEY}` };
      const response = await fetch(`${fixture.sandbox.url}/paystack/balance`, { headers });
      return ((await response.json()) as { data: { balance: number }[] }).data[0]?.balance ?? 0;
    };
    const before = await balance();
    const [charge, payout] = [newReference(), newReference()];
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(charge, 500_000));
    await submitPage(paymentUrl, PAY);
    await fixture.adapter.createPayout(transferOrder(payout, 200_000));
    expect((await balance()) - before).toBe(300_000);
  });
});

describe("banks", () => {
  it("are listed, and resolve an account's holder", async () => {
    const { banks } = fixture.adapter;
    expect(await banks?.listBanks()).toContainEqual({ code: "058", name: "Guaranty Trust Bank" });
    const name = await banks?.resolveAccount("058", "0123456789");
    expect(name?.accountName).toMatch(/^[A-Z]+ [A-Z]+$/);
    expect(await createAdapter(fixture.sandbox.url).banks?.resolveAccount("058", "0123456789")).toEqual(name);
  });

  it("come page by page with a cursor", async () => {
    const headers = { authorization: `Bearer ${PAYSTACK_KEY}` };
    const page = async (next: string) => {
      const query = `use_cursor=true&perPage=20${next}`;
      const response = await fetch(`${fixture.sandbox.url}/paystack/bank?${query}`, { headers });
      return (await response.json()) as { data: { code: string }[]; meta: { next: string | null } };
    };
    const first = await page("");
    const second = await page(`&next=${first.meta.next}`);
    expect([first.data.length, second.meta.next]).toEqual([20, null]);
    const codes = [...first.data, ...second.data].map(({ code }) => code);
    expect(codes).toHaveLength((await fixture.adapter.banks?.listBanks())?.length ?? 0);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("an account that doesn't exist has no holder and gets no payout", async () => {
    const kind = "invalid_destination";
    const { adapter } = fixture;
    await expect(adapter.banks?.resolveAccount("058", "0000000422")).rejects.toMatchObject({ kind });
    await expect(adapter.banks?.resolveAccount("000", "0123456789")).rejects.toMatchObject({ kind });
    const order = transferOrder(newReference(), 200_000, "0000000422");
    await expect(adapter.createPayout(order)).rejects.toMatchObject({ kind });
  });
});

describe("requests that Paystack refuses", () => {
  const call = (path: string, body: object, key = PAYSTACK_KEY) =>
    fetch(`${fixture.sandbox.url}/paystack${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
  const charge = { email: "awa@gmail.test", amount: 500_000 };
  const transfer = { source: "balance", amount: 200_000, recipient: "RCP_x", reference: "a-reference-of-16" };

  it.each([
    ["/transaction/initialize", { amount: 500_000 }, 400],
    ["/transaction/initialize", { ...charge, amount: 1.5 }, 400],
    ["/transaction/initialize", { ...charge, currency: "XOF" }, 403],
    ["/transaction/initialize", { ...charge, reference: "with space" }, 400],
    ["/transferrecipient", { type: "nuban", name: "A", account_number: "1", bank_code: "058" }, 400],
    ["/transfer", transfer, 400],
    ["/transfer", { ...transfer, reference: "TXN-UPPERCASE000" }, 400],
    ["/transfer", { ...transfer, reference: "short" }, 400],
    ["/nothing", {}, 404],
  ])("POST %s %o: %i", async (path, body, status) => {
    const answer = await call(path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status: false, code: expect.any(String) });
  });

  it("the reference may be missing, and the amount may be text", async () => {
    const answer = await call("/transaction/initialize", { ...charge, amount: "500000" });
    const { data } = (await answer.json()) as { data: { reference: string } };
    expect(data.reference).toMatch(/^[0-9a-f]{16}$/);
  });

  it("another key: 401, and unavailable to the adapter", async () => {
    expect((await call("/transaction/initialize", charge, "sk_test_another_0123456789")).status).toBe(401);
    const stranger = createPaystack(
      parseSettings(
        paystackManifest.settings,
        paystackEnv(fixture.sandbox.url, "sk_test_another_0123456789"),
      ),
    );
    const request = stranger.createCollection(chargeOrder(newReference(), 500_000));
    await expect(request).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("the inspection routes", () => {
  it("a scenario can be set for a reference before it is used", async () => {
    const reference = newReference();
    const setting = { reference: transferReference(reference), scenario: "transfer_failed" };
    expect((await postJson(`${fixture.sandbox.url}/_scenario`, setting)).status).toBe(200);
    await fixture.adapter.createPayout(transferOrder(reference, 200_000));
    await waitForEvents(reference, 1);
    expect(fixture.receiver.events(reference)).toEqual(["transfer.failed"]);
  });

  it("a dropped webhook can be sent after all", async () => {
    const reference = newReference();
    const { paymentUrl } = await fixture.adapter.createCollection(chargeOrder(reference, 100_400));
    await submitPage(paymentUrl, PAY);
    expect(fixture.receiver.events(reference)).toEqual([]);
    expect((await postJson(`${fixture.sandbox.url}/_resend/${reference}`, {})).status).toBe(200);
    expect(fixture.receiver.events(reference)).toEqual(["charge.success"]);
  });

  it("a webhook that gets no 200 is tried again until it does", async () => {
    const reference = newReference();
    fixture.receiver.respondAbout(reference, 503, 2);
    await fixture.adapter.createPayout(transferOrder(reference, 200_000));
    await waitForEvents(reference, 3);
    await vi.waitFor(async () => {
      expect((await paystackBookOf(fixture.sandbox, reference))?.webhooks[0]).toMatchObject({
        delivered: true,
      });
    }, 5000);
  });

  it("the book goes through a restart, and what was open goes on", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "cauris-paystack-"));
    try {
      const paystack = { secretKey: PAYSTACK_KEY, webhookUrl: fixture.receiver.url };
      const first = await startSandbox(fastOptions({ dataDir, paystack, payoutDelayMs: 60_000 }));
      const reference = newReference();
      await createAdapter(first.url).createPayout(transferOrder(reference, 200_000));
      await first.close();
      const second = await startSandbox(fastOptions({ dataDir, paystack }));
      await waitForEvents(reference, 1);
      expect(await createAdapter(second.url).getPayout?.(reference, null)).toMatchObject({
        status: "succeeded",
      });
      await second.close();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe("its configuration", () => {
  const getMiPay = {
    SANDBOX_GETMIPAY_API_KEY: KEYS.apiKey,
    SANDBOX_GETMIPAY_SECRET_KEY: KEYS.secretKey,
    SANDBOX_GETMIPAY_WEBHOOK_SECRET: KEYS.webhookSecret,
  };

  it("Paystack is simulated only with a key, and then needs the address of its webhooks", () => {
    expect(parseSandboxSettings(getMiPay).paystack).toBeNull();
    const withKey = { ...getMiPay, SANDBOX_PAYSTACK_SECRET_KEY: PAYSTACK_KEY };
    expect(() => parseSandboxSettings(withKey)).toThrow("SANDBOX_PAYSTACK_WEBHOOK_URL");
    const webhookUrl = "http://127.0.0.1:3000/api/wallet/paystack/webhook";
    expect(parseSandboxSettings({ ...withKey, SANDBOX_PAYSTACK_WEBHOOK_URL: webhookUrl }).paystack).toEqual({
      secretKey: PAYSTACK_KEY,
      webhookUrl,
    });
  });

  it("without it, its routes are not there", async () => {
    const sandbox = await startSandbox(fastOptions());
    expect((await fetch(`${sandbox.url}/paystack/balance`)).status).toBe(404);
    await sandbox.close();
  });
});
