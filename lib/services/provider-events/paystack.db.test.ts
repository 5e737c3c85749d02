import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { fastOptions, postJson, submitPage } from "@/e2e/support/getmipay-fixture";
import {
  PAY,
  PAYSTACK_KEY,
  paystackBookOf,
  paystackEnv,
  transferReference,
} from "@/e2e/support/paystack-fixture";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { webhookRoute } from "@/lib/api/webhooks";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { parseSettings } from "@/lib/parse-settings";
import { createPaystack } from "@/lib/providers/paystack";
import { paystackManifest } from "@/lib/providers/paystack/manifest";
import { overrideProviders } from "@/lib/providers/registry";
import { startSandbox } from "@/lib/sandbox/server";
import { checkDeposit } from "../deposits/check-deposit";
import { startApiDeposit } from "../deposits/start-api-deposit";
import { getOperation } from "../operations/get-operation";
import { requestApiWithdrawal } from "../withdrawals/request-api-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { processWebhook } from "./process-webhook";

/** The whole way: our verbs, the real adapter, the sandbox over HTTP, and its webhooks through our own route. */
const { db, owner } = await useDatabase();
const deployment = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const headers = Object.entries(request.headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    );
    const incoming = new Request(`http://localhost${request.url}`, {
      method: "POST",
      headers,
      body: Buffer.concat(chunks),
    });
    void route(incoming).then(({ status }) => {
      response.writeHead(status).end();
    });
  });
});
const route = webhookRoute("paystack", () => db);
await new Promise<void>((resolve) => deployment.listen(0, "127.0.0.1", resolve));
const webhookUrl = `http://127.0.0.1:${(deployment.address() as AddressInfo).port}/api/wallet/paystack/webhook`;
const sandbox = await startSandbox(
  fastOptions({ paystack: { secretKey: PAYSTACK_KEY, webhookUrl }, slowMs: 300 }),
);
const config = parseSettings(paystackManifest.settings, paystackEnv(sandbox.url));
overrideProviders([createPaystack(config, { callTimeoutMs: 1_000 })]);

afterAll(async () => {
  overrideProviders(null);
  await sandbox.close();
  deployment.closeAllConnections();
  await new Promise((resolve) => deployment.close(resolve));
});

const worker = () => createContext(db, { kind: "system" });
const ACCOUNT = { bankCode: "058", accountNumber: "0123456789" };

async function deposit(user: TestUser, naira: number) {
  const amountMinor = BigInt(naira) * 100n;
  const started = await startApiDeposit(user.context, { amountMinor, currency: "NGN", key: null });
  return { ...started, amountMinor, paymentUrl: started.paymentUrl ?? "" };
}

async function withdraw(user: TestUser, naira: number) {
  const input = { amountMinor: BigInt(naira) * 100n, currency: "NGN", bank: ACCOUNT, key: null } as const;
  const { reference } = await requestApiWithdrawal(user.context, input);
  return { reference, id: (await getOperation(user.context, reference)).id };
}

async function richUser(): Promise<TestUser> {
  const user = await createUser(db);
  await fundWallet(db, user.walletId, money(1_000_000n, "NGN"));
  return user;
}

async function balanceOf(account: ReturnType<typeof chart.suspense>): Promise<bigint> {
  const [balance] = await getBalances(db, [account]);
  return balance?.amountMinor ?? -1n;
}

const available = ({ walletId }: TestUser) => balanceOf(chart.available(walletId, "NGN"));
const held = ({ walletId }: TestUser) => balanceOf(chart.held(walletId, "NGN"));

/** As the worker: what was heard of `reference` and isn't processed. An event ahead of the books stays for later. */
async function work(reference: string): Promise<void> {
  const rows = await owner<{ id: string }[]>`
    select id from webhook_events where provider = 'paystack' and reference = ${reference} and state = 'received'
    order by id`;
  for (const { id } of rows) await processWebhook(worker(), BigInt(id)).catch(() => undefined);
}

async function stateOf(reference: string): Promise<string> {
  await work(reference);
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

const eventually = (reference: string) =>
  expect.poll(() => stateOf(reference), { timeout: 10_000, interval: 50 });

async function outcomesOf(reference: string): Promise<string[]> {
  await work(reference);
  const rows = await owner<{ outcome: string | null }[]>`
    select outcome from webhook_events where provider = 'paystack' and reference = ${reference} order by id`;
  return rows.map(({ outcome }) => outcome ?? "open");
}

function misbehave(reference: string, scenario: string | null): Promise<Response> {
  return postJson(`${sandbox.url}/_scenario`, { reference: transferReference(reference), scenario });
}

describe("naira that come in", () => {
  it.each([
    [5_000, "nothing unusual"],
    [1_003, "a webhook three times at once"],
    [1_007, "a webhook that is badly signed first"],
    [1_012, "a failure, then a success"],
    [1_015, "fees on top of the amount"],
    [1_016, "metadata that is 0"],
    [1_017, "metadata that is empty"],
    [1_018, "a query that lags behind the webhook"],
  ])("₦%i (%2$s) are credited once, for what was requested", async (naira) => {
    const user = await createUser(db);
    const { reference, paymentUrl, amountMinor } = await deposit(user, naira);
    await submitPage(paymentUrl, PAY);
    await eventually(reference).toBe("succeeded");
    expect(await available(user)).toBe(amountMinor);
    expect(await paystackBookOf(sandbox, reference)).toMatchObject({ timesPaid: 1 });
  });

  it("reported three times are stored as one event and credited once", async () => {
    const user = await createUser(db);
    const { reference, paymentUrl, amountMinor } = await deposit(user, 1_003);
    await submitPage(paymentUrl, PAY);
    const deliveries = async () => {
      const [row] = await owner<{ deliveries: number }[]>`
        select deliveries from webhook_events where provider = 'paystack' and reference = ${reference}`;
      return row?.deliveries;
    };
    await expect.poll(deliveries, { timeout: 10_000 }).toBe(3);
    expect(await outcomesOf(reference)).toEqual(["credited"]);
    expect(await available(user)).toBe(amountMinor);
  });

  it("of another amount aren't credited until an operator assigns them", async () => {
    const user = await createUser(db);
    const before = await balanceOf(chart.suspense("NGN"));
    const { reference, paymentUrl } = await deposit(user, 1_005);
    await submitPage(paymentUrl, PAY);
    await eventually(reference).toBe("review");
    expect(await outcomesOf(reference)).toEqual(["amount_mismatch"]);
    expect((await balanceOf(chart.suspense("NGN"))) - before).toBe(100_400n);
    expect(await available(user)).toBe(0n);
  });

  it("of another currency are never converted", async () => {
    const user = await createUser(db);
    const { reference, paymentUrl } = await deposit(user, 1_006);
    await submitPage(paymentUrl, PAY);
    await eventually(reference).toBe("review");
    expect(await outcomesOf(reference)).toEqual(["currency_mismatch"]);
    expect(await available(user)).toBe(0n);
  });

  it("of the live mode are not booked on a test deployment", async () => {
    const user = await createUser(db);
    const { reference, paymentUrl } = await deposit(user, 1_013);
    await submitPage(paymentUrl, PAY);
    await expect.poll(() => outcomesOf(reference), { timeout: 10_000 }).toEqual(["other_mode"]);
    expect(await stateOf(reference)).toBe("pending");
    expect(await available(user)).toBe(0n);
  });

  it.each([
    [1_001, "failed", 0n],
    [1_004, "succeeded", 100_400n],
  ])("without a webhook (₦%i) are found by a query: %s", async (naira, state, credited) => {
    const user = await createUser(db);
    const { reference, paymentUrl } = await deposit(user, naira);
    await submitPage(paymentUrl, PAY);
    const { id } = await getOperation(user.context, reference);
    await checkDeposit(worker(), id);
    expect(await stateOf(reference)).toBe(state);
    expect(await available(user)).toBe(credited);
    expect(await outcomesOf(reference)).toEqual([]);
  });

  it.each([
    [1_008, "outcome_unknown"],
    [1_014, "provider_declined"],
    [1_019, "provider_unavailable"],
  ])("that can't be requested (₦%i) are refused as %s", async (naira, code) => {
    const user = await createUser(db);
    await expect(deposit(user, naira)).rejects.toMatchObject({ code });
  });

  it.each([1_009, 1_010, 1_011])(
    "that were accepted without an answer (₦%i) are credited when paid",
    async (naira) => {
      const user = await createUser(db);
      const error = await deposit(user, naira).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "outcome_unknown" });
      const { reference } = (error as { details: { reference: string } }).details;
      await eventually(reference).toBe("succeeded");
      expect(await available(user)).toBe(BigInt(naira) * 100n);
    },
  );
});

describe("naira that go out to a bank", () => {
  it.each([
    [2_000, "paid", "nothing unusual"],
    [2_002, "paid", "a webhook twice at once"],
    [2_008, "paid", "a webhook before the answer"],
    [2_016, "paid", "a webhook that is badly signed first"],
    [2_019, "paid", "old timestamps"],
    [2_020, "paid", "a query that lags behind"],
    [2_001, "refunded", "a failure"],
    [2_004, "refunded", "a reversal after success"],
    [2_009, "refunded", "webhooks the other way round"],
    [2_021, "refunded", "a refused recipient"],
  ])("₦%i end %s (%s)", async (naira, state) => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, naira);
    expect(await held(user)).toBe(BigInt(naira) * 100n);
    await submitWithdrawal(worker(), id);
    await eventually(reference).toBe(state);
    expect(await held(user)).toBe(0n);
    expect(await available(user)).toBe(state === "paid" ? 1_000_000n - BigInt(naira) * 100n : 1_000_000n);
    const book = await paystackBookOf(sandbox, reference);
    expect(book?.submissions ?? 0).toBeLessThanOrEqual(1);
  });

  it("that never arrived at Paystack are sent again under the same reference, and paid once", async () => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, 3_000);
    await misbehave(reference, "transfer_error_before");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await paystackBookOf(sandbox, reference)).toBeUndefined();
    await misbehave(reference, null);
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    await eventually(reference).toBe("paid");
    expect(await paystackBookOf(sandbox, reference)).toMatchObject({ timesPaid: 1, submissions: 1 });
    expect(await available(user)).toBe(700_000n);
  });

  it("whose query lags are sent again, refused as a duplicate, and paid once", async () => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, 2_020);
    // The answer to the first try is lost on the way.
    await owner`update operations set state = 'submitting', attempt = 1 where reference = ${reference}`;
    const adapter = createPaystack(config);
    const { amount, bank } = await getOperation(user.context, reference);
    await adapter.createPayout({
      reference,
      amount,
      phone: "",
      method: "bank",
      bank: { ...ACCOUNT, accountName: bank?.accountName ?? "" },
      userId: "1",
      callbackUrl: webhookUrl,
    });
    const later = { ...worker(), now: new Date(Date.now() + 60_000) };
    expect(await submitWithdrawal(later, id)).toBe("again");
    expect(await submitWithdrawal(later, id)).toBe("done");
    await eventually(reference).toBe("paid");
    expect(await paystackBookOf(sandbox, reference)).toMatchObject({ timesPaid: 1, submissions: 2 });
  });

  it.each([2_006, 2_007, 2_017])(
    "that were accepted without an answer (₦%i) are queried, not sent again",
    async (naira) => {
      const user = await richUser();
      const { id, reference } = await withdraw(user, naira);
      await submitWithdrawal(worker(), id);
      await submitWithdrawal(worker(), id);
      await eventually(reference).toBe("paid");
      expect(await paystackBookOf(sandbox, reference)).toMatchObject({ timesPaid: 1, submissions: 1 });
    },
  );

  it("without a webhook are settled by a query", async () => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, 2_013);
    await submitWithdrawal(worker(), id);
    const ask = async () => {
      await submitWithdrawal(worker(), id);
      return await stateOf(reference);
    };
    await expect.poll(ask, { timeout: 10_000 }).toBe("paid");
    expect(await outcomesOf(reference)).toEqual([]);
  });

  it.each([
    [2_014, "amount_mismatch"],
    [2_015, "currency_mismatch"],
  ])("that Paystack confirms differently than requested (₦%i) stay reserved: %s", async (naira, outcome) => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, naira);
    await submitWithdrawal(worker(), id);
    await expect.poll(() => outcomesOf(reference), { timeout: 10_000 }).toEqual([outcome]);
    expect(await stateOf(reference)).toBe("submitted");
    expect(await held(user)).toBe(BigInt(naira) * 100n);
  });

  it.each([2_011, 2_022])("that Paystack can't take now (₦%i) wait, reserved", async (naira) => {
    const user = await richUser();
    const { id, reference } = await withdraw(user, naira);
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("created");
    expect(await held(user)).toBe(BigInt(naira) * 100n);
  });

  it("to an account that doesn't exist are refused before anything is reserved", async () => {
    const user = await richUser();
    const bank = { bankCode: "058", accountNumber: "0000000422" };
    const input = { amountMinor: 100_000n, currency: "NGN", bank, key: null } as const;
    await expect(requestApiWithdrawal(user.context, input)).rejects.toMatchObject({
      code: "invalid_destination",
    });
    expect(await available(user)).toBe(1_000_000n);
  });
});

describe("the webhook's endpoint", () => {
  it("answers 400 to an event without Paystack's signature, and stores nothing", async () => {
    const body = JSON.stringify({ event: "charge.success", data: { id: 1, reference: "TXN-FORGED" } });
    const forged = new Request(webhookUrl, {
      method: "POST",
      headers: { "x-paystack-signature": "0".repeat(128) },
      body,
    });
    const response = await route(forged);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: "Invalid signature", code: "invalid_signature" });
    expect(await owner`select from webhook_events where reference = 'TXN-FORGED'`).toHaveLength(0);
  });
});
