import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import type { DomainError } from "@/lib/errors";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { type Money, money } from "@/lib/money/money";
import { ProviderError, type ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { expireDeposits } from "./expire-deposits";
import { startDeposit } from "./start-deposit";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const francs = (amount: bigint): Money => money(amount, "XOF");
const yes = provider.onCollection;

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

const links = {
  returnUrl: (reference: string) => `http://localhost/wallet/topup/${reference}`,
  locale: "fr",
  defaultCountry: "BF",
} as const;

const form = (changes: Partial<Parameters<typeof startDeposit>[1]> = {}) => ({
  amount: "5 000",
  phone: "70 00 00 01",
  method: "wave",
  currency: "XOF" as const,
  key: randomUUID(),
  ...changes,
});

async function available(user: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(user.walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function suspense(): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.suspense("XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function start(user: TestUser, changes = {}) {
  return await startDeposit(user.context, form(changes), links);
}

/** Delivers a webhook as the app and the worker do; answers how the event ended. */
async function deliver(reference: string | null, state: ProviderState, eventKey = randomUUID()) {
  const event = { ...state, reference, eventKey, kind: "collection" as const };
  const context = createContext(db);
  await receiveWebhook(context, { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<{ id: string }[]>`
    select id from webhook_events where provider = ${provider.name} and event_key = ${eventKey}`;
  await processWebhook(createContext(db, { kind: "system" }), BigInt(row?.id ?? 0));
  const [after] = await owner<{ state: string; outcome: string; deliveries: number }[]>`
    select state, outcome, deliveries from webhook_events where id = ${row?.id ?? 0}`;
  return after;
}

describe("a top-up", () => {
  it("is committed before the provider is called, and credited once by its webhook", async () => {
    const user = await createUser(db);
    provider.onCollection = async (request) => {
      const [row] = await owner`select state from operations where reference = ${request.reference}`;
      expect(row?.state).toBe("pending");
      return await yes(request);
    };
    const operation = await start(user);
    provider.onCollection = yes;
    expect(operation).toMatchObject({
      status: "in_progress",
      paymentUrl: `https://pay.test/${operation.reference}`,
    });
    expect(await available(user)).toBe(0n);

    const key = randomUUID();
    expect(await deliver(operation.reference, providerState(francs(5_000n)), key)).toMatchObject({
      state: "processed",
    });
    expect(await deliver(operation.reference, providerState(francs(5_000n)), key)).toMatchObject({
      deliveries: 2,
    });
    expect(await deliver(operation.reference, providerState(francs(5_000n)))).toMatchObject({
      state: "ignored",
    });
    expect(await available(user)).toBe(5_000n);
    expect((await getOperation(user.context, operation.reference)).status).toBe("succeeded");
  });

  it("credits once when 30 deliveries of one event and 30 of others arrive at the same moment", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    const key = randomUUID();
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        deliver(reference, providerState(francs(5_000n)), index % 2 === 0 ? key : undefined),
      ),
    );
    expect(await available(user)).toBe(5_000n);
  });

  it("with one key is made once, however often the form is sent", async () => {
    const user = await createUser(db);
    const sent = form();
    const calls = provider.collections.length;
    const results = await Promise.all(
      Array.from({ length: 8 }, () => startDeposit(user.context, sent, links)),
    );
    expect(new Set(results.map((operation) => operation.reference)).size).toBe(1);
    expect(provider.collections.length - calls).toBe(1);
  });

  it("with a replayed key and another amount is refused", async () => {
    const user = await createUser(db);
    const sent = form();
    await startDeposit(user.context, sent, links);
    await expect(startDeposit(user.context, { ...sent, amount: "6000" }, links)).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
  });

  it("that the provider refuses fails at once, credits nothing and says which field", async () => {
    const user = await createUser(db);
    provider.onCollection = async () => {
      throw new ProviderError("invalid_destination", "400");
    };
    const error = await start(user).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_destination", details: { issues: [{ field: "phone" }] } });
    const reference = (error as DomainError).details.reference ?? "";
    provider.onCollection = yes;
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "failed",
      reason: "invalid_destination",
    });
    expect(await available(user)).toBe(0n);
  });

  it("whose provider times out stays pending, and is credited when the webhook comes", async () => {
    const user = await createUser(db);
    provider.onCollection = async () => {
      throw new ProviderError("outcome_unknown", "timeout");
    };
    const operation = await start(user);
    provider.onCollection = yes;
    expect(operation).toMatchObject({ status: "in_progress", paymentUrl: null });
    await deliver(operation.reference, providerState(francs(5_000n), { providerReference: "late" }));
    expect(await available(user)).toBe(5_000n);
  });

  it("doesn't expire a moment before its time", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    const [row] = await owner<{ at: string }[]>`
      select extract(epoch from expires_at)::text as at from operations where reference = ${reference}`;
    const at = (shiftMs: number) => ({
      ...createContext(db, { kind: "system" }),
      now: new Date(Number(row?.at) * 1000 + shiftMs),
    });
    await expireDeposits(at(-1));
    expect((await getOperation(user.context, reference)).status).toBe("in_progress");
    await expireDeposits(at(1));
    expect((await getOperation(user.context, reference)).status).toBe("expired");
  });

  it("expires when it stays unpaid, and money that comes later is still credited", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    const later = {
      ...createContext(db, { kind: "system" }),
      now: new Date(Date.now() + 2 * 60 * 60 * 1000),
    };
    await expireDeposits(later);
    expect((await getOperation(user.context, reference)).status).toBe("expired");
    await deliver(reference, providerState(francs(5_000n)));
    expect((await getOperation(user.context, reference)).status).toBe("succeeded");
    expect(await available(user)).toBe(5_000n);
  });

  it("that fails and then succeeds after all is credited; the other order changes nothing", async () => {
    const user = await createUser(db);
    const first = await start(user);
    await deliver(first.reference, providerState(francs(5_000n), { status: "failed" }));
    expect((await getOperation(user.context, first.reference)).status).toBe("failed");
    await deliver(first.reference, providerState(francs(5_000n)));
    expect(await available(user)).toBe(5_000n);
    await deliver(first.reference, providerState(francs(5_000n), { status: "failed" }));
    expect((await getOperation(user.context, first.reference)).status).toBe("succeeded");
    expect(await available(user)).toBe(5_000n);
  });
});

describe("a provider with a query", () => {
  const books = new Map<string, ProviderState | Error>();
  const queryable = createFakeProvider(`queryable${randomUUID().slice(0, 8)}`, {
    queriesCollections: true,
    signedWebhooks: false,
  });
  queryable.getCollection = async (reference) => {
    const answer = books.get(reference) ?? providerState(francs(1n), { status: "not_found", amount: null });
    if (answer instanceof Error) throw answer;
    return answer;
  };

  async function startAsked(user: TestUser) {
    overrideProviders([queryable]);
    return await startDeposit(user.context, form(), links);
  }

  async function hear(reference: string, state: ProviderState) {
    const event = { ...state, reference, eventKey: randomUUID(), kind: "collection" as const };
    await receiveWebhook(createContext(db), { provider: queryable.name, ...fakeWebhook(event) });
    const [row] = await owner<
      { id: string }[]
    >`select id from webhook_events where event_key = ${event.eventKey}`;
    return async () => await processWebhook(createContext(db, { kind: "system" }), BigInt(row?.id ?? 0));
  }

  afterAll(() => overrideProviders([provider]));

  it("is believed, and its webhook is not: the query's amount is credited", async () => {
    const user = await createUser(db);
    const { reference } = await startAsked(user);
    books.set(reference, providerState(francs(5_000n), { status: "failed" }));
    const process = await hear(reference, providerState(francs(5_000n)));
    // It isn't credited, and it isn't forgotten: books that say failed may be behind too.
    await expect(process()).rejects.toThrow("behind");
    expect(await available(user)).toBe(0n);
    books.set(reference, providerState(francs(5_000n)));
    await (await hear(reference, providerState(francs(5_000n))))();
    expect(await available(user)).toBe(5_000n);
    await process();
    expect(await available(user)).toBe(5_000n);
  });

  it("whose books are behind its own event is queried again later", async () => {
    const user = await createUser(db);
    const { reference } = await startAsked(user);
    const process = await hear(reference, providerState(francs(5_000n)));
    await expect(process()).rejects.toThrow("behind");
    expect(await available(user)).toBe(0n);
    books.set(reference, providerState(francs(5_000n)));
    await process();
    expect(await available(user)).toBe(5_000n);
  });

  it("and that can't be reached keeps no other deposit from its expiry", async () => {
    const user = await createUser(db);
    const [first, second] = [await startAsked(user), await startAsked(user)];
    books.set(first.reference, new ProviderError("unavailable", "down"));
    const later = {
      ...createContext(db, { kind: "system" }),
      now: new Date(Date.now() + 2 * 60 * 60 * 1000),
    };
    overrideProviders([queryable, provider]);
    await expireDeposits(later);
    expect((await getOperation(user.context, first.reference)).status).toBe("in_progress");
    expect((await getOperation(user.context, second.reference)).status).toBe("expired");
    overrideProviders([provider]);
  });
});

describe("money that doesn't match goes to suspense with a reason, never to the wallet", () => {
  it.each([
    ["a franc less", providerState(francs(4_999n)), 4_999n, "amount_mismatch"],
    ["a franc more", providerState(francs(5_001n)), 5_001n, "amount_mismatch"],
    ["no readable amount", providerState(francs(1n), { amount: null }), 0n, "amount_mismatch"],
    [
      "an unknown currency",
      providerState(francs(1n), { amount: null, currencyCode: "XAF" }),
      0n,
      "currency_mismatch",
    ],
  ])("%s", async (_, state, booked, reason) => {
    const user = await createUser(db);
    const { reference } = await start(user);
    const before = await suspense();
    expect(await deliver(reference, state)).toMatchObject({ state: "needs_review", outcome: reason });
    expect((await suspense()) - before).toBe(booked);
    expect(await available(user)).toBe(0n);
    expect(await getOperation(user.context, reference)).toMatchObject({ status: "review", reason });
  });

  it("another currency of ours", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    await deliver(reference, { ...providerState(money(5_000n, "NGN")) });
    const [ngn] = await getBalances(db, [chart.available(user.walletId, "NGN")]);
    expect(ngn?.amountMinor).toBe(0n);
    expect((await getOperation(user.context, reference)).reason).toBe("currency_mismatch");
  });

  it("an unknown reference, once however often it comes", async () => {
    const before = await suspense();
    const key = randomUUID();
    expect(await deliver("TXN-NOBODY", providerState(francs(700n)), key)).toMatchObject({
      outcome: "unknown_reference",
    });
    await deliver("TXN-NOBODY", providerState(francs(700n)), key);
    expect((await suspense()) - before).toBe(700n);
  });

  it("a second payment of the same reference under another id of the provider", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    await deliver(reference, providerState(francs(5_000n), { providerReference: `in-${reference}` }));
    const before = await suspense();
    await deliver(reference, providerState(francs(5_000n), { providerReference: "another" }));
    expect(await available(user)).toBe(5_000n);
    expect((await suspense()) - before).toBe(5_000n);
  });
});

describe("what is refused before anything is written", () => {
  it("a webhook with an invalid signature", async () => {
    const event = {
      ...providerState(francs(5_000n)),
      reference: "TXN-X",
      eventKey: randomUUID(),
      kind: "collection" as const,
    };
    const webhook = { provider: provider.name, ...fakeWebhook(event, "bad") };
    await expect(receiveWebhook(createContext(db), webhook)).rejects.toMatchObject({
      code: "invalid_signature",
    });
    const rows = await owner`select from webhook_events where event_key = ${event.eventKey}`;
    expect(rows).toHaveLength(0);
  });

  it.each([
    ["amount", { amount: "" }, "empty"],
    ["amount", { amount: "0" }, "not_positive"],
    ["amount", { amount: "-5" }, "not_positive"],
    ["amount", { amount: "5000,5" }, "no_decimals"],
    ["amount", { amount: "1e5" }, "not_a_number"],
    ["amount", { amount: "٥٠٠٠" }, "not_a_number"],
    ["amount", { amount: "12345678901234567890" }, "too_large"],
    ["amount", { amount: "99" }, "amount_below_min"],
    ["amount", { amount: "1000001" }, "amount_above_max"],
    ["phone", { phone: "7000000" }, "phone_invalid"],
    ["phone", { phone: "+33612345678" }, "phone_country"],
    ["phone", { phone: "70 AB 00 01" }, "phone_invalid"],
    ["method", { method: "" }, "method_required"],
    ["method", { method: "bitcoin" }, "method_unavailable"],
    ["method", { method: "mtn_money" }, "method_unavailable"],
  ])("a bad %s %j", async (field, changes, reason) => {
    const user = await createUser(db);
    const calls = provider.collections.length;
    const error = await start(user, changes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "validation_failed" });
    expect((error as { details: { issues: unknown[] } }).details.issues).toContainEqual(
      expect.objectContaining({ field, reason }),
    );
    expect(provider.collections).toHaveLength(calls);
    expect(await owner`select from operations where wallet_id = ${user.walletId.toString()}`).toHaveLength(0);
  });

  it("an anonymous caller, and the operation of somebody else", async () => {
    const [user, other] = [await createUser(db), await createUser(db)];
    await expect(startDeposit(createContext(db), form(), links)).rejects.toMatchObject({
      code: "unauthenticated",
    });
    const { reference } = await start(user);
    await expect(getOperation(other.context, reference)).rejects.toMatchObject({ code: "not_found" });
    await expect(getOperation(other.context, "TXN-NONE")).rejects.toMatchObject({ code: "not_found" });
  });
});
