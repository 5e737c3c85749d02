import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { ProviderError, type ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { checkDeposit } from "./check-deposit";
import { expireDeposits } from "./expire-deposits";
import { requestDepositCheck } from "./request-deposit-check";
import { startApiDeposit } from "./start-api-deposit";

const { db, owner } = await useDatabase();
const mute = createFakeProvider(`mute${randomUUID().slice(0, 8)}`);
const books = new Map<string, ProviderState | ProviderError>();
const queried: string[] = [];
const provider = createFakeProvider(`queryable${randomUUID().slice(0, 8)}`, {
  methods: PAYSTACK_METHODS,
  queriesCollections: true,
});
provider.getCollection = async (reference) => {
  queried.push(reference);
  const state = books.get(reference) ?? naira(5_000n, { status: "pending" });
  if (state instanceof ProviderError) throw state;
  return state;
};

function naira(amount: bigint, overrides: Partial<ProviderState> = {}): ProviderState {
  return providerState(money(amount * 100n, "NGN"), overrides);
}

beforeAll(() => overrideProviders([mute, provider]));
afterAll(() => overrideProviders(null));

const worker = (laterMs = 0) => ({
  ...createContext(db, { kind: "system" }),
  now: new Date(Date.now() + laterMs),
});

async function start(): Promise<TestUser & { reference: string; id: bigint }> {
  const user = await createUser(db);
  const input = { amountMinor: 500_000n, currency: "NGN", key: null } as const;
  const { reference } = await startApiDeposit(user.context, input);
  const { id } = await getOperation(user.context, reference);
  return { ...user, reference, id };
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

async function balanceOf(account: ReturnType<typeof chart.suspense>): Promise<bigint> {
  const [balance] = await getBalances(db, [account]);
  return balance?.amountMinor ?? -1n;
}

async function hear(reference: string, state: ProviderState) {
  const event = { ...state, reference, eventKey: randomUUID(), kind: "collection" as const };
  await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<
    { id: string }[]
  >`select id from webhook_events where event_key = ${event.eventKey}`;
  await processWebhook(worker(), BigInt(row?.id ?? 0));
  const [after] = await owner<{ state: string; outcome: string }[]>`
    select state, outcome from webhook_events where event_key = ${event.eventKey}`;
  return after;
}

describe("a person who waits for a deposit", () => {
  it("has the worker query it, at most once in a few seconds", async () => {
    const { context, reference, id } = await start();
    const operation = await getOperation(context, reference);
    const asks = await Promise.all(Array.from({ length: 8 }, () => requestDepositCheck(context, operation)));
    expect(asks.filter(Boolean)).toHaveLength(1);
    expect(queried).not.toContain(reference);
    const jobs = await owner`
      select from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    expect(jobs).toHaveLength(1);
  });

  it("sees that it was declined, though no webhook reports it", async () => {
    const { context, reference, id, walletId } = await start();
    await checkDeposit(worker(), id);
    expect(await stateOf(reference)).toBe("pending");
    books.set(reference, naira(5_000n, { status: "failed", reasonCode: "declined" }));
    await checkDeposit(worker(), id);
    expect(await getOperation(context, reference)).toMatchObject({
      status: "failed",
      reason: "payment_failed",
    });
    // The payer tries another card on the same page.
    books.set(reference, naira(5_000n));
    expect(await hear(reference, naira(5_000n))).toMatchObject({ outcome: "credited" });
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(500_000n);
  });

  it("is credited by the answer when the webhook is lost, once", async () => {
    const { id, reference, walletId } = await start();
    books.set(reference, naira(5_000n));
    await Promise.all(Array.from({ length: 8 }, () => checkDeposit(worker(), id)));
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(500_000n);
    expect(await hear(reference, naira(5_000n))).toMatchObject({ outcome: "already_succeeded" });
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(500_000n);
  });

  it("queries nothing that has ended, that is no deposit, or whose provider has no query", async () => {
    const { context, reference, id } = await start();
    const operation = await getOperation(context, reference);
    const ask = (changes: object) => requestDepositCheck(context, { ...operation, ...changes });
    expect(await ask({ status: "succeeded" })).toBe(false);
    expect(await ask({ type: "withdrawal" })).toBe(false);
    expect(await ask({ provider: mute.name })).toBe(false);
    expect(await ask({ provider: "gone" })).toBe(false);
    books.set(reference, naira(5_000n));
    await checkDeposit(worker(), id);
    const calls = queried.length;
    await checkDeposit(worker(), id);
    expect(queried).toHaveLength(calls);
  });
});

describe("an answer that doesn't match", () => {
  it("is booked to suspense once, though a webhook reports it again", async () => {
    const { context, id, reference, walletId } = await start();
    const before = await balanceOf(chart.suspense("NGN"));
    books.set(reference, naira(4_999n));
    await checkDeposit(worker(), id);
    expect(await getOperation(context, reference)).toMatchObject({
      status: "review",
      reason: "amount_mismatch",
    });
    expect(await hear(reference, naira(4_999n))).toMatchObject({
      state: "needs_review",
      outcome: "amount_mismatch",
    });
    expect((await balanceOf(chart.suspense("NGN"))) - before).toBe(499_900n);
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(0n);
  });

  it("a payment taken back after it was credited is disputed, and moves nothing", async () => {
    const { context, id, reference, walletId } = await start();
    books.set(reference, naira(5_000n));
    await checkDeposit(worker(), id);
    books.set(reference, naira(5_000n, { status: "reversed" }));
    expect(await hear(reference, naira(5_000n))).toMatchObject({
      state: "needs_review",
      outcome: "reversed_after_credit",
    });
    expect(await getOperation(context, reference)).toMatchObject({
      status: "review",
      reason: "payment_refunded",
    });
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(500_000n);
  });

  it("a payment taken back before it was credited is never credited", async () => {
    const { id, reference, walletId } = await start();
    books.set(reference, naira(5_000n, { status: "reversed" }));
    await checkDeposit(worker(), id);
    expect(await stateOf(reference)).toBe("failed");
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(0n);
  });
});

describe("an event that the provider's own books never show", () => {
  it("is queried for a day, then waits for an operator", async () => {
    const { reference, walletId } = await start();
    await expect(hear(reference, naira(5_000n))).rejects.toThrow("behind");
    const [row] = await owner<{ id: string }[]>`
      update webhook_events set received_at = received_at - interval '25 hours'
      where provider = ${provider.name} and reference = ${reference} returning id`;
    await processWebhook(worker(), BigInt(row?.id ?? 0));
    const [after] = await owner`select state, outcome from webhook_events where id = ${row?.id ?? 0}`;
    expect(after).toMatchObject({ state: "needs_review", outcome: "books_behind" });
    expect(await stateOf(reference)).toBe("pending");
    expect(await balanceOf(chart.available(walletId, "NGN"))).toBe(0n);
  });
});

describe("the sweep", () => {
  it("queries what is stale, and then leaves it alone for a while", async () => {
    const { reference } = await start();
    const count = () => queried.filter((name) => name === reference).length;
    await expireDeposits(worker());
    expect(count()).toBe(0);
    await owner`update operations set updated_at = now() - interval '10 minutes' where reference = ${reference}`;
    await expireDeposits(worker());
    await expireDeposits(worker());
    expect(count()).toBe(1);
    books.set(reference, naira(5_000n));
    await expireDeposits(worker(62_000));
    expect(await stateOf(reference)).toBe("succeeded");
  });

  it("pauses for a provider that is down, and expires nothing that it couldn't query", async () => {
    const started = [await start(), await start(), await start(), await start(), await start()];
    for (const { reference } of started) books.set(reference, new ProviderError("unavailable", "down"));
    const later = worker(2 * 60 * 60 * 1000);
    await expireDeposits(later);
    expect(started.filter(({ reference }) => queried.includes(reference))).toHaveLength(3);
    for (const { reference } of started) expect(await stateOf(reference)).toBe("pending");
  });
});
