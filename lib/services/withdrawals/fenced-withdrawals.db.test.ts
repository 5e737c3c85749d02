import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { newReference } from "@/lib/ids";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { ProviderError, type ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { placeWithdrawal } from "./place-withdrawal";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";
import { submitWithdrawal } from "./submit-withdrawal";

const { db, owner } = await useDatabase();
const PATIENT = { timeout: 20_000 };
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const yes = provider.onPayout;
beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));
beforeEach(() => {
  provider.onPayout = yes;
});

const worker = (): Context => createContext(db, { kind: "system" });
const form = (amount = "2 000") => ({
  amount,
  phone: "70 00 00 04",
  method: "orange_money",
  currency: "XOF" as const,
});

async function richUser(francs = 5_000n): Promise<TestUser> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(francs, "XOF"));
  return user;
}

/** Available, held. */
async function balances(user: TestUser): Promise<bigint[]> {
  const accounts = [chart.available(user.walletId, "XOF"), chart.held(user.walletId, "XOF")];
  return (await getBalances(db, accounts)).map((balance) => balance.amountMinor);
}

async function request(user: TestUser, amount = "2 000") {
  const { quoteId } = await quoteWithdrawal(user.context, form(amount), "BF");
  const operation = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
  const [row] = await owner<
    { id: string }[]
  >`select id from operations where reference = ${operation.reference}`;
  return { quoteId, reference: operation.reference, id: BigInt(row?.id ?? 0) };
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

async function deliver(reference: string, state: Partial<ProviderState>) {
  const eventKey = randomUUID();
  const event = {
    ...providerState(money(2_000n, "XOF"), state),
    reference,
    eventKey,
    kind: "payout" as const,
  };
  await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`select id from webhook_events where event_key = ${eventKey}`;
  await processWebhook(worker(), BigInt(row?.id ?? 0));
  const [after] = await owner<
    { outcome: string }[]
  >`select outcome from webhook_events where event_key = ${eventKey}`;
  return after?.outcome;
}

describe("a withdrawal", () => {
  it("whose transaction fails leaves no job, and nothing reserved", async () => {
    const user = await richUser();
    const reference = newReference();
    let id = 0n;
    const failed = inTransaction(db, async (tx) => {
      const order = {
        amount: money(2_000n, "XOF"),
        fee: money(0n, "XOF"),
        provider: provider.name,
        method: "wave",
        phone: "+22670000004",
        bank: null,
      };
      const placed = await placeWithdrawal(tx, user.context, { walletId: user.walletId, reference, order });
      id = placed.id;
      throw new Error("the power is gone");
    });
    await expect(failed).rejects.toThrow("the power is gone");
    const jobs = await owner`
      select from graphile_worker._private_jobs where payload ->> 'operationId' = ${id.toString()}`;
    expect([jobs.length, await stateOf(reference), await balances(user)]).toEqual([0, "", [5_000n, 0n]]);
  });

  it("is settled by its own transaction of the provider only", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    expect(await deliver(reference, { providerReference: "another" })).toBe("other_provider_reference");
    expect(await stateOf(reference)).toBe("submitted");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("in another currency than requested needs review and settles nothing", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    expect(await deliver(reference, { currencyCode: "NGN", amount: money(2_000n, "NGN") })).toBe(
      "currency_mismatch",
    );
    expect(await stateOf(reference)).toBe("submitted");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("a late refusal of an earlier attempt doesn't change the one under way", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    let refuse = () => {};
    provider.onPayout = () =>
      new Promise((_, reject) => {
        refuse = () => reject(new ProviderError("declined", "late"));
      });
    const calls = provider.payouts.length;
    const first = submitWithdrawal(worker(), id);
    await expect.poll(() => provider.payouts.length, PATIENT).toBe(calls + 1);
    const refuseFirst = refuse;
    // Long enough for the first to be given up: the second is on its way when the first is answered.
    const later = { ...worker(), now: new Date(Date.now() + 60_000) };
    expect(await submitWithdrawal(later, id)).toBe("again");
    const second = submitWithdrawal(later, id);
    await expect.poll(() => provider.payouts.length, PATIENT).toBe(calls + 2);
    refuseFirst();
    expect(await first).toBe("done");
    expect(await stateOf(reference)).toBe("submitting");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
    refuse();
    await second;
  });
});
