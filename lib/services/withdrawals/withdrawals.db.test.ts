import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { ProviderError, type ProviderErrorKind, type ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { listDeadLetters } from "../back-office/list-dead-letters";
import type { Context } from "../context";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { getQuote } from "./get-quote";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";
import { requeueWithdrawals } from "./requeue-withdrawals";
import { submitWithdrawal } from "./submit-withdrawal";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const yes = provider.onPayout;
const say = (kind: ProviderErrorKind) => async () => {
  throw new ProviderError(kind, "test");
};

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

describe("requesting a withdrawal", () => {
  it("reserves the money with the operation and its job, before any call", async () => {
    const user = await richUser();
    const calls = provider.payouts.length;
    const { id, reference } = await request(user);
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
    expect(provider.payouts).toHaveLength(calls);
    const jobs = await owner`
      select from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    expect(jobs).toHaveLength(1);
    expect(await stateOf(reference)).toBe("created");
  });

  it("with too little money is refused at once without calling a provider", async () => {
    const user = await richUser(1_999n);
    const calls = provider.payouts.length;
    await expect(quoteWithdrawal(user.context, form(), "BF")).rejects.toMatchObject({
      code: "insufficient_funds",
    });
    expect(provider.payouts).toHaveLength(calls);
    expect(await balances(user)).toEqual([1_999n, 0n]);
  });

  it("confirmed 30 times at once is made once", async () => {
    const user = await richUser(100_000n);
    const { quoteId } = await quoteWithdrawal(user.context, form(), "BF");
    const results = await Promise.all(
      Array.from({ length: 30 }, () => requestWithdrawal(user.context, { quoteId, pin: TEST_PIN })),
    );
    expect(new Set(results.map((operation) => operation.reference)).size).toBe(1);
    expect(await balances(user)).toEqual([98_000n, 2_000n]);
  });

  it("30 at once on a balance that suffices for 10: exactly 10 are made", async () => {
    const user = await richUser(20_000n);
    const quotes = await Promise.all(
      Array.from({ length: 30 }, () => quoteWithdrawal(user.context, form(), "BF")),
    );
    const results = await Promise.allSettled(
      quotes.map((quote) => requestWithdrawal(user.context, { ...quote, pin: TEST_PIN })),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "insufficient_funds" });
    }
    expect(await balances(user)).toEqual([0n, 20_000n]);
  });

  it("of somebody else's quote is not found; of an old one is refused", async () => {
    const [user, other] = [await richUser(), await richUser()];
    const { quoteId } = await quoteWithdrawal(user.context, form(), "BF");
    await expect(requestWithdrawal(other.context, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getQuote(other.context, quoteId)).rejects.toMatchObject({ code: "not_found" });
    const later = { ...user.context, now: new Date(Date.now() + 60 * 60 * 1000) };
    await expect(requestWithdrawal(later, { quoteId, pin: TEST_PIN })).rejects.toMatchObject({
      code: "quote_expired",
    });
    expect(await balances(user)).toEqual([5_000n, 0n]);
  });

  it("by a method without payouts is refused with its own reason", async () => {
    const user = await richUser();
    const refused = quoteWithdrawal(user.context, { ...form(), method: "visa" }, "BF");
    await expect(refused).rejects.toMatchObject({
      details: { issues: [{ field: "method", reason: "method_no_payout" }] },
    });
  });

  it("shows what will be left, a first recipient and a repeated sum before it is confirmed", async () => {
    const user = await richUser();
    const first = await quoteWithdrawal(user.context, form("1 000"), "BF");
    expect(await getQuote(user.context, first.quoteId)).toMatchObject({
      total: money(1_000n, "XOF"),
      balanceAfter: money(4_000n, "XOF"),
      firstTime: true,
      repeats: null,
    });
    const made = await requestWithdrawal(user.context, { ...first, pin: TEST_PIN });
    const second = await quoteWithdrawal(user.context, form("1 000"), "BF");
    expect(await getQuote(user.context, second.quoteId)).toMatchObject({ repeats: made.reference });
  });
});

describe("paying it out", () => {
  it("settles once, whatever the number of workers and webhooks", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    const calls = provider.payouts.length;
    await Promise.all(Array.from({ length: 8 }, () => submitWithdrawal(worker(), id)));
    expect(provider.payouts.length - calls).toBe(1);
    expect(await stateOf(reference)).toBe("submitted");
    await Promise.all(Array.from({ length: 10 }, () => deliver(reference, {})));
    expect(await stateOf(reference)).toBe("paid");
    expect(await balances(user)).toEqual([3_000n, 0n]);
  });

  it("refunds exactly once when the provider fails it", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    await Promise.all(Array.from({ length: 10 }, () => deliver(reference, { status: "failed" })));
    expect(await stateOf(reference)).toBe("refunded");
    expect(await balances(user)).toEqual([5_000n, 0n]);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "refunded",
      reason: "payout_failed",
    });
  });

  it.each(["declined", "invalid_destination"] as const)(
    "refunds on a conclusive refusal (%s)",
    async (kind) => {
      const user = await richUser();
      const { id, reference } = await request(user);
      provider.onPayout = say(kind);
      expect(await submitWithdrawal(worker(), id)).toBe("done");
      expect(await stateOf(reference)).toBe("refunded");
      expect(await balances(user)).toEqual([5_000n, 0n]);
    },
  );

  it("never refunds on a timeout: it is unknown, sent again with the same reference, and paid once", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    provider.onPayout = say("outcome_unknown");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
    provider.onPayout = yes;
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    const references = provider.payouts.filter((payout) => payout.reference === reference);
    expect(references).toHaveLength(2);
    await deliver(reference, {});
    expect(await balances(user)).toEqual([3_000n, 0n]);
  });

  it("is not sent again to a provider whose references are not idempotent: the webhook decides", async () => {
    const cautious = createFakeProvider(provider.name, { payoutReferenceIsIdempotent: false });
    cautious.onPayout = say("outcome_unknown");
    overrideProviders([cautious]);
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(cautious.payouts).toHaveLength(1);
    await deliver(reference, {});
    expect(await stateOf(reference)).toBe("paid");
    overrideProviders([provider]);
  });

  it.each(["unavailable", "insufficient_float", "rate_limited"] as const)(
    "waits and tries again when nothing reached the provider (%s)",
    async (kind) => {
      const user = await richUser();
      const { id, reference } = await request(user);
      provider.onPayout = say(kind);
      expect(await submitWithdrawal(worker(), id)).toBe("again");
      expect(await stateOf(reference)).toBe("created");
      expect(await balances(user)).toEqual([3_000n, 2_000n]);
    },
  );

  it.each([
    ["insufficient_float", "insufficient_float", 1],
    ["unavailable", "payout_waiting", 0],
    ["rate_limited", "payout_waiting", 0],
  ] as const)(
    "says why it waits (%s), to its owner and, when somebody has to act, to the operator",
    async (kind, reason, listed) => {
      const user = await richUser();
      const { id, reference } = await request(user);
      provider.onPayout = say(kind);
      await submitWithdrawal(worker(), id);
      expect(await getOperation(user.context, reference)).toMatchObject({ status: "in_progress", reason });
      const named = async (now: Date) =>
        (await listDeadLetters({ ...worker(), now })).filter((letter) => letter.reference === reference);
      expect(await named(new Date())).toHaveLength(listed);
      // An outage of an hour is for a person too.
      expect(await named(new Date(Date.now() + 61 * 60_000))).toMatchObject([
        { kind: "operation", why: `created: ${reason}`, owner: expect.stringContaining(user.walletNumber) },
      ]);
      provider.onPayout = yes;
      await submitWithdrawal(worker(), id);
      await deliver(reference, {});
      expect(await getOperation(user.context, reference)).toMatchObject({
        status: "succeeded",
        reason: null,
      });
    },
  );

  it("accepts a webhook that arrives before the answer", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    provider.onPayout = async (payout) => {
      await deliver(reference, {});
      return await yes(payout);
    };
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(await stateOf(reference)).toBe("paid");
    expect((await getOperation(user.context, reference)).providerReference).toBe(`out-${reference}`);
  });

  it("goes on after a worker that died in the middle of the call", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    let release: () => void = () => {};
    provider.onPayout = async (payout) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return await yes(payout);
    };
    const dead = submitWithdrawal(worker(), id);
    await expect.poll(() => stateOf(reference)).toBe("submitting");
    const later = () => ({ ...worker(), now: new Date(Date.now() + 60_000) });
    expect(await submitWithdrawal(later(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    provider.onPayout = yes;
    expect(await submitWithdrawal(later(), id)).toBe("done");
    // The dead one was only slow: its answer is about an attempt that is over.
    release();
    expect(await dead).toBe("done");
    expect(await stateOf(reference)).toBe("submitted");
    await deliver(reference, {});
    expect(await balances(user)).toEqual([3_000n, 0n]);
  });

  it("reversed after success gives the money back once, and a late success of it changes nothing", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    await deliver(reference, {});
    await deliver(reference, { status: "reversed" });
    await deliver(reference, { status: "reversed" });
    expect(await stateOf(reference)).toBe("refunded");
    expect(await balances(user)).toEqual([5_000n, 0n]);
    expect(await deliver(reference, {})).toBe("already_reversed");
    expect(await balances(user)).toEqual([5_000n, 0n]);
  });

  it("failed after success is not believed without a query", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    await deliver(reference, {});
    expect(await deliver(reference, { status: "failed" })).toBe("failed_after_paid");
    expect(await stateOf(reference)).toBe("paid");
    expect(await balances(user)).toEqual([3_000n, 0n]);
  });

  it("success after a refund is a conflict: the amount is frozen again and waits for a person", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    await deliver(reference, { status: "failed" });
    expect(await deliver(reference, {})).toBe("paid_after_refund");
    expect(await stateOf(reference)).toBe("conflict");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
    await deliver(reference, {});
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("of another amount than requested needs review and settles nothing", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    expect(await deliver(reference, { amount: money(1_999n, "XOF") })).toBe("amount_mismatch");
    expect(await stateOf(reference)).toBe("submitted");
    expect(await balances(user)).toEqual([3_000n, 2_000n]);
  });

  it("of the other mode (live or test) needs review and settles nothing", async () => {
    const user = await richUser();
    const { id, reference } = await request(user);
    await submitWithdrawal(worker(), id);
    expect(await deliver(reference, { live: true })).toBe("other_mode");
    expect(await stateOf(reference)).toBe("submitted");
  });

  it("that stands still gets its job again", async () => {
    const user = await richUser();
    const { id } = await request(user);
    await owner`delete from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    await requeueWithdrawals({ ...worker(), now: new Date(Date.now() + 120_000) });
    const jobs = await owner`
      select from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    expect(jobs).toHaveLength(1);
  });
});
