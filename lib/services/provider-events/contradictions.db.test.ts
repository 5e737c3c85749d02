import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import type { ProviderStatus, WebhookEvent } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { startDeposit } from "../deposits/start-deposit";
import { quoteWithdrawal } from "../withdrawals/quote-withdrawal";
import { requestWithdrawal } from "../withdrawals/request-withdrawal";
import { submitWithdrawal } from "../withdrawals/submit-withdrawal";
import { processWebhook } from "./process-webhook";
import { receiveWebhook } from "./receive-webhook";
import { requeueWebhooks } from "./requeue-webhooks";

const { db, owner } = await useDatabase();
const AMOUNT = money(2_000n, "XOF");
const books = new Map<string, ProviderStatus>();
const provider = createFakeProvider(`fickle${randomUUID().slice(0, 8)}`, {
  queriesCollections: true,
  queriesPayouts: true,
});
const ask = async (reference: string) => providerState(AMOUNT, { status: books.get(reference) ?? "pending" });
provider.getCollection = ask;
provider.getPayout = ask;

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const DAY_MS = 24 * 60 * 60 * 1000;
const system = () => createContext(db, { kind: "system" });
const form = { amount: "2000", phone: "+22670000004", method: "wave", currency: "XOF" as const };

async function deposit(): Promise<string> {
  const { context } = await createUser(db);
  const links = { returnUrl: () => "http://localhost/", locale: "fr", defaultCountry: "BF" } as const;
  return (await startDeposit(context, { ...form, key: randomUUID() }, links)).reference;
}

async function withdrawal(): Promise<string> {
  const { context, walletId } = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, walletId, money(5_000n, "XOF"));
  const { quoteId } = await quoteWithdrawal(context, form, "BF");
  const { id, reference } = await requestWithdrawal(context, { quoteId, pin: TEST_PIN });
  await submitWithdrawal(system(), id);
  return reference;
}

async function hear(
  reference: string,
  kind: WebhookEvent["kind"],
  status: ProviderStatus,
  change: Partial<WebhookEvent> = {},
): Promise<bigint> {
  const event = { ...providerState(AMOUNT, { status }), reference, kind, eventKey: randomUUID(), ...change };
  await receiveWebhook(system(), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`
    select id from webhook_events where event_key = ${event.eventKey}`;
  return BigInt(row?.id ?? 0);
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

// Found by the resilience suite: deposit-faults, seed x2, case 2, deposit 88.
describe("an event that the provider's books contradict", () => {
  it("of a payment that the books still show as failed is tried again, and credited once they show it", async () => {
    const reference = await deposit();
    books.set(reference, "failed");
    const event = await hear(reference, "collection", "succeeded");
    await expect(processWebhook(system(), event)).rejects.toThrow("behind");
    books.set(reference, "succeeded");
    await processWebhook(system(), event);
    expect(await stateOf(reference)).toBe("succeeded");
  });

  it("of a failed payment is ignored where the books show it as paid", async () => {
    const reference = await deposit();
    books.set(reference, "succeeded");
    await processWebhook(system(), await hear(reference, "collection", "failed"));
    expect(await stateOf(reference)).toBe("succeeded");
  });

  it.each([
    ["paid, after it was refunded", "failed", "succeeded", "refunded", "conflict"],
    ["taken back", "succeeded", "reversed", "paid", "refunded"],
    ["failed, after it was paid", "succeeded", "failed", "paid", "refunded"],
  ] as const)(
    "of a payout that was %s isn't lost on books that don't know yet",
    async (_, before, after, ...ends) => {
      const reference = await withdrawal();
      books.set(reference, before);
      await processWebhook(system(), await hear(reference, "payout", before));
      expect(await stateOf(reference)).toBe(ends[0]);
      const event = await hear(reference, "payout", after);
      await expect(processWebhook(system(), event)).rejects.toThrow("behind");
      books.set(reference, after);
      await processWebhook(system(), event);
      expect(await stateOf(reference)).toBe(ends[1]);
    },
  );

  it("of a payment that was given back isn't lost on books that still show it as paid", async () => {
    const reference = await deposit();
    books.set(reference, "succeeded");
    await processWebhook(system(), await hear(reference, "collection", "succeeded"));
    const event = await hear(reference, "collection", "reversed");
    await expect(processWebhook(system(), event)).rejects.toThrow("behind");
    expect(await stateOf(reference)).toBe("succeeded");
    books.set(reference, "reversed");
    await processWebhook(system(), event);
    expect(await stateOf(reference)).toBe("disputed");
  });

  it("of a payment that was given back needs review when the books never show it", async () => {
    const reference = await deposit();
    books.set(reference, "succeeded");
    const event = await hear(reference, "collection", "reversed");
    await processWebhook({ ...system(), now: new Date(Date.now() + DAY_MS + 1_000) }, event);
    const [row] = await owner`select state, outcome from webhook_events where id = ${event.toString()}`;
    expect(row).toEqual({ state: "needs_review", outcome: "books_behind" });
  });

  it("needs review when the books never show it", async () => {
    const reference = await withdrawal();
    books.set(reference, "succeeded");
    await processWebhook(system(), await hear(reference, "payout", "succeeded"));
    const event = await hear(reference, "payout", "reversed");
    await processWebhook({ ...system(), now: new Date(Date.now() + DAY_MS + 1_000) }, event);
    const [row] = await owner`select state, outcome from webhook_events where id = ${event.toString()}`;
    expect([await stateOf(reference), row]).toEqual([
      "paid",
      { state: "needs_review", outcome: "books_behind" },
    ]);
  });
});

describe("a dispute", () => {
  it("of another transaction than the deposit's needs review, and the deposit stays as it is", async () => {
    const reference = await deposit();
    books.set(reference, "succeeded");
    await processWebhook(system(), await hear(reference, "collection", "succeeded"));
    expect(await stateOf(reference)).toBe("succeeded");
    const dispute = { type: "chargeback", subject: "77", outcome: "open" } as const;
    const event = await hear(reference, "dispute", "reversed", { dispute, providerReference: "another" });
    await processWebhook(system(), event);
    const [row] = await owner`select state, outcome from webhook_events where id = ${event.toString()}`;
    expect([await stateOf(reference), row]).toEqual([
      "succeeded",
      { state: "needs_review", outcome: "other_provider_reference" },
    ]);
  });
});

describe("the sweep", () => {
  const jobOf = async (event: bigint) => {
    const [row] = await owner<{ attempts: number; due: Date }[]>`
      select attempts, run_at as due from graphile_worker._private_jobs where key = ${`webhook:${event}`}`;
    return row ?? null;
  };
  const later = () => ({ ...system(), now: new Date(Date.now() + 5 * 60_000) });

  // The sweep wrote the job anew each time, so that it was due at once and had all its attempts.
  it("leaves a waiting job its pause and its used attempts, and replaces only one that is gone", async () => {
    const event = await hear(await deposit(), "collection", "succeeded");
    await owner`update graphile_worker._private_jobs set attempts = 7, run_at = now() + interval '1 hour'
      where key = ${`webhook:${event}`}`;
    const before = await jobOf(event);
    await requeueWebhooks(later());
    expect(await jobOf(event)).toEqual(before);

    await owner`delete from graphile_worker._private_jobs where key = ${`webhook:${event}`}`;
    await requeueWebhooks(later());
    expect(await jobOf(event)).toMatchObject({ attempts: 0 });
  });
});
