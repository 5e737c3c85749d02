import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser, type UserOverrides } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { ProviderError, type ProviderErrorKind } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { startApiDeposit } from "./start-api-deposit";
import { startDeposit } from "./start-deposit";

const { db, owner } = await useDatabase();
const francs = createFakeProvider(`francs${randomUUID().slice(0, 8)}`);
const naira = createFakeProvider(`naira${randomUUID().slice(0, 8)}`, { methods: PAYSTACK_METHODS });
const yes = naira.onCollection;

beforeEach(() => {
  naira.onCollection = yes;
  francs.onCollection = yes;
  overrideProviders([francs, naira]);
});
afterAll(() => overrideProviders(null));

const say = (kind: ProviderErrorKind) => async () => {
  throw new ProviderError(kind, "test");
};

type Input = Parameters<typeof startApiDeposit>[1];

const ngn = (changes: Partial<Input> = {}): Input => ({
  amountMinor: 500_000n,
  currency: "NGN",
  key: randomUUID(),
  ...changes,
});
const xof = (changes: Partial<Input> = {}): Input => ({ ...ngn(changes), currency: "XOF" });

/** Acts by an API key of the user's. */
async function createClient(overrides: UserOverrides = {}): Promise<TestUser> {
  const user = await createUser(db, overrides);
  return { ...user, context: createContext(db, { kind: "api_key", userId: user.userId, keyId: 1n }) };
}

async function issuesOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "validation_failed" });
  return (error as { details: { issues: unknown } }).details.issues;
}

async function rowOf(reference: string) {
  const [row] = await owner`select * from operations where reference = ${reference}`;
  return row;
}

/** A deposit whose provider stays silent; answers its reference. */
async function neverAnswered(context: TestUser["context"], input: Input): Promise<string> {
  naira.onCollection = say("outcome_unknown");
  const error = await startApiDeposit(context, input).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "outcome_unknown" });
  naira.onCollection = yes;
  return (error as { details: { reference: string } }).details.reference;
}

const links = {
  returnUrl: (reference: string) => `http://localhost/wallet/topup/${reference}`,
  locale: "fr",
  defaultCountry: "BF",
} as const;

describe("a deposit in naira requested by the API", () => {
  it("needs an amount and nothing else: the payer chooses on the payment page", async () => {
    const { email, userId, context } = await createClient();
    const started = await startApiDeposit(context, ngn());
    expect(started).toEqual({
      reference: started.reference,
      paymentUrl: `https://pay.test/${started.reference}`,
      amount: money(500_000n, "NGN"),
      status: "in_progress",
      replayed: false,
    });
    expect(naira.collections.at(-1)).toMatchObject({
      email,
      phone: "",
      method: "",
      userId: userId.toString(),
      returnUrl: `http://localhost:3000/wallet/topup/${started.reference}`,
      callbackUrl: expect.stringContaining(`/webhook/${naira.name}/`),
    });
    expect(await rowOf(started.reference)).toMatchObject({ method: null, phone: null, provider: naira.name });
  });

  it("needs the payer's e-mail address where the provider asks for one, from a page too", async () => {
    const { context, userId } = await createClient();
    await owner`update users set email = null where id = ${userId.toString()}`;
    const needed = [{ field: "method", reason: "email_needed" }];
    expect(await issuesOf(startApiDeposit(context, ngn()))).toEqual(needed);
    const form = { amount: "5000", currency: "NGN", phone: "", method: "card", key: randomUUID() } as const;
    const links = { returnUrl: String, locale: "en", defaultCountry: "NG" } as const;
    expect(await issuesOf(startDeposit(context, form, links))).toEqual(needed);
    expect(await startApiDeposit(context, xof({ phone: "+22670000001", method: "wave" }))).toHaveProperty(
      "reference",
    );
  });

  it("by a method that the caller names leaves no choice", async () => {
    const { context } = await createClient();
    const { reference } = await startApiDeposit(context, ngn({ method: "card" }));
    expect(naira.collections.at(-1)).toMatchObject({ method: "card" });
    expect(await rowOf(reference)).toMatchObject({ method: "card" });
    const issues = await issuesOf(startApiDeposit(context, ngn({ method: "wave" })));
    expect(issues).toEqual([{ field: "method", reason: "method_unavailable" }]);
  });

  it("sends the browser where the caller wants, and keeps it with the operation", async () => {
    const { context } = await createClient({ locale: "en" });
    const returnUrl = "https://shop.example/orders/7?paid=1";
    const { reference } = await startApiDeposit(context, ngn({ returnUrl }));
    expect(naira.collections.at(-1)).toMatchObject({ returnUrl, locale: "en" });
    expect(await rowOf(reference)).toMatchObject({ return_url: returnUrl });
  });

  it.each([
    "javascript:alert(1)",
    "ftp://shop.example/",
    "/wallet",
    "https://user:secret@shop.example/",
    "https://user@shop.example/",
    "https://shop.example/\nSet-Cookie: a",
    "https://shop.example\\@evil.example/",
    "https://",
    `https://shop.example/${"a".repeat(2_000)}`,
    "",
  ])("refuses to send a browser to %j", async (returnUrl) => {
    const { context, walletId } = await createClient();
    const issues = await issuesOf(startApiDeposit(context, ngn({ returnUrl })));
    expect(issues).toMatchObject([{ field: "returnUrl" }]);
    expect(await owner`select from operations where wallet_id = ${walletId.toString()}`).toHaveLength(0);
  });

  it.each([
    [0n, "not_positive"],
    [-1n, "not_positive"],
    [99n, "amount_below_min"],
    [100_000_001n, "amount_above_max"],
    [10n ** 15n + 1n, "too_large"],
  ])("refuses %s kobo as %s", async (amountMinor, reason) => {
    const { context } = await createClient();
    const issues = await issuesOf(startApiDeposit(context, ngn({ amountMinor })));
    expect(issues).toMatchObject([{ field: "amount", reason }]);
  });

  it("is refused where no provider collects naira", async () => {
    const { context } = await createClient();
    overrideProviders([francs]);
    await expect(startApiDeposit(context, ngn())).rejects.toMatchObject({ code: "method_unavailable" });
  });
});

describe("a deposit in francs requested by the API", () => {
  it("uses the user's own phone when the caller names none, and sends no e-mail address", async () => {
    const { context } = await createClient({ phone: "+22670000001" });
    const { reference } = await startApiDeposit(context, xof({ amountMinor: 5_000n, method: "wave" }));
    expect(francs.collections.at(-1)).toMatchObject({ phone: "+22670000001", method: "wave" });
    expect(francs.collections.at(-1)?.email).toBeUndefined();
    expect(await rowOf(reference)).toMatchObject({ phone: "+22670000001", currency: "XOF" });
  });

  it("without any phone, or without a method, says which is missing", async () => {
    const { context } = await createClient();
    const input = xof({ amountMinor: 5_000n, phone: "+22670000001" });
    expect(await issuesOf(startApiDeposit(context, input))).toEqual([
      { field: "method", reason: "method_required" },
    ]);
    const issues = await issuesOf(startApiDeposit(context, xof({ amountMinor: 5_000n, method: "wave" })));
    expect(issues).toMatchObject([{ field: "phone", reason: "phone_invalid" }]);
  });
});

describe("a repeated call", () => {
  it("with the same key answers the same deposit without another call", async () => {
    const { context } = await createClient();
    const input = ngn();
    const first = await startApiDeposit(context, input);
    const calls = naira.collections.length;
    expect(await startApiDeposit(context, input)).toEqual({ ...first, replayed: true });
    expect(naira.collections).toHaveLength(calls);
  });

  it.each([
    ["amount", { amountMinor: 500_001n }],
    ["method", { method: "card" }],
    ["way back", { returnUrl: "https://shop.example/" }],
  ] as const)("with the same key and another %s is refused", async (_, changes) => {
    const { context } = await createClient();
    const input = ngn();
    await startApiDeposit(context, input);
    const other = startApiDeposit(context, { ...input, ...changes });
    await expect(other).rejects.toMatchObject({ code: "idempotency_mismatch" });
  });

  it("with somebody else's same key is a deposit of one's own", async () => {
    const [one, other] = [await createClient(), await createClient()];
    const input = ngn();
    const first = await startApiDeposit(one.context, input);
    const second = await startApiDeposit(other.context, input);
    expect(second).toMatchObject({ replayed: false });
    expect(second.reference).not.toBe(first.reference);
    expect((await startApiDeposit(other.context, input)).reference).toBe(second.reference);
    expect((await startApiDeposit(one.context, input)).reference).toBe(first.reference);
  });

  it("without a key is another deposit", async () => {
    const { context } = await createClient();
    const [one, other] = [
      await startApiDeposit(context, ngn({ key: null })),
      await startApiDeposit(context, ngn({ key: null })),
    ];
    expect(one.reference).not.toBe(other.reference);
  });

  it("while the first one runs answers idempotency_in_progress", async () => {
    const { context } = await createClient();
    const input = ngn();
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const begun = new Promise<void>((resolve) => {
      naira.onCollection = async (request) => {
        resolve();
        await gate;
        return await yes(request);
      };
    });
    const first = startApiDeposit(context, input);
    await begun;
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({
      code: "idempotency_in_progress",
      details: { retryAfterSeconds: 2 },
    });
    release();
    await first;
    expect((await startApiDeposit(context, input)).replayed).toBe(true);
  });

  it("of one that the provider never answered stays unknown, and isn't sent again", async () => {
    const { context } = await createClient();
    const input = ngn();
    naira.onCollection = say("outcome_unknown");
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code: "outcome_unknown" });
    naira.onCollection = yes;
    const calls = naira.collections.length;
    const later = { ...context, now: new Date(Date.now() + 60_000) };
    await expect(startApiDeposit(later, input)).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(naira.collections).toHaveLength(calls);
  });

  it.each([
    ["expired", "expired", "provider_declined"],
    ["failed", "payment_failed", "provider_declined"],
    ["review", "amount_mismatch", "outcome_unknown"],
  ])("of one that was never answered and is %s now is refused", async (state, reason, code) => {
    const { context } = await createClient();
    const input = ngn();
    const reference = await neverAnswered(context, input);
    await owner`update operations set state = ${state}, reason = ${reason} where reference = ${reference}`;
    const calls = naira.collections.length;
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code, details: { reference } });
    expect(naira.collections).toHaveLength(calls);
  });

  it("of one that was never answered, and was paid all the same, is its success", async () => {
    const { context } = await createClient();
    const input = ngn();
    const reference = await neverAnswered(context, input);
    await owner`update operations set state = 'succeeded' where reference = ${reference}`;
    expect(await startApiDeposit(context, input)).toEqual({
      reference,
      paymentUrl: null,
      amount: money(500_000n, "NGN"),
      status: "succeeded",
      replayed: true,
    });
  });

  it("is answered by the stored operation, whatever profile and settings are now", async () => {
    const { context, userId } = await createClient({ phone: "+22670000001" });
    const [francsAsked, nairaAsked] = [xof({ amountMinor: 5_000n, method: "wave" }), ngn({ method: "card" })];
    naira.onCollection = say("unavailable");
    await expect(startApiDeposit(context, nairaAsked)).rejects.toMatchObject({
      code: "provider_unavailable",
    });
    naira.onCollection = yes;
    const first = [await startApiDeposit(context, francsAsked), await startApiDeposit(context, nairaAsked)];
    await owner`update users set phone = '+22501020304' where id = ${userId.toString()}`;
    overrideProviders([]);
    const again = [await startApiDeposit(context, francsAsked), await startApiDeposit(context, nairaAsked)];
    expect(again).toEqual(first.map((started) => ({ ...started, replayed: true })));
    const other = startApiDeposit(context, { ...francsAsked, phone: "+22670000001" });
    await expect(other).rejects.toMatchObject({ code: "method_unavailable" });
    overrideProviders([francs, naira]);
    const named = startApiDeposit(context, { ...francsAsked, phone: "+22670000001" });
    await expect(named).rejects.toMatchObject({ code: "idempotency_mismatch" });
  });

  it("with a key of a page's form finds its operation, and tries again one that reached no provider", async () => {
    const { context } = await createUser(db);
    const { key, ...typed } = ngn({ method: "card" });
    const posted = { amount: "5 000", phone: "", method: "card", currency: "NGN", key: key ?? "" } as const;
    naira.onCollection = say("unavailable");
    await expect(startDeposit(context, posted, links)).rejects.toMatchObject({
      code: "provider_unavailable",
    });
    naira.onCollection = yes;
    const first = await startApiDeposit(context, { ...typed, key });
    expect(first).toMatchObject({ status: "in_progress", replayed: false });
    expect(await startApiDeposit(context, { ...typed, key })).toEqual({ ...first, replayed: true });
    expect((await startDeposit(context, posted, links)).reference).toBe(first.reference);
    const other = startApiDeposit(context, { ...typed, key, amountMinor: 500_100n });
    await expect(other).rejects.toMatchObject({ code: "idempotency_mismatch" });
  });

  it("of one that was declined is declined, without another call", async () => {
    const { context } = await createClient();
    const input = ngn();
    naira.onCollection = say("declined");
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code: "provider_declined" });
    naira.onCollection = yes;
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code: "provider_declined" });
  });

  it("of one that reached no provider is a new attempt, once", async () => {
    const { context, walletId } = await createClient();
    const input = ngn();
    naira.onCollection = say("unavailable");
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code: "provider_unavailable" });
    await expect(startApiDeposit(context, input)).rejects.toMatchObject({ code: "provider_unavailable" });
    naira.onCollection = yes;
    const third = await startApiDeposit(context, input);
    expect(third).toMatchObject({ status: "in_progress", replayed: false });
    expect(await startApiDeposit(context, input)).toEqual({ ...third, replayed: true });
    const rows =
      await owner`select state from operations where wallet_id = ${walletId.toString()} order by id`;
    expect(rows.map(({ state }) => state)).toEqual(["failed", "failed", "pending"]);
  });
});

describe("the form", () => {
  it("in naira asks for no phone, and ignores one that is there", async () => {
    const { context, email } = await createUser(db);
    const typed = {
      amount: "5 000,50",
      phone: "nonsense",
      method: "",
      currency: "NGN",
      key: randomUUID(),
    } as const;
    const operation = await startDeposit(context, typed, links);
    expect(operation).toMatchObject({ amount: money(500_050n, "NGN"), phone: null, method: null });
    expect(naira.collections.at(-1)).toMatchObject({ email });
  });
});
