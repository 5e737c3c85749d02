import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, NOT_FOUND, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { type CollectionCreated, ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { getOperation } from "../operations/get-operation";
import { progressOf } from "../operations/view";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";
import { cancelDeposit } from "./cancel-deposit";
import { checkDeposit } from "./check-deposit";
import { startDeposit } from "./start-deposit";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`slow${randomUUID().slice(0, 8)}`, { queriesCollections: true });
const answerAtOnce = provider.onCollection;
const FRANCS = money(5_000n, "XOF");
provider.getCollection = async () => NOT_FOUND;

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));
afterEach(() => {
  provider.onCollection = answerAtOnce;
  provider.getCollection = async () => NOT_FOUND;
});

const system = () => createContext(db, { kind: "system" });

/** Calls to the provider that hang until the test answers. */
function hang() {
  let answer = (_: CollectionCreated) => {};
  let refuse = (_: Error) => {};
  provider.onCollection = () =>
    new Promise<CollectionCreated>((resolve, reject) => {
      answer = resolve;
      refuse = reject;
    });
  return { answer: (created: CollectionCreated) => answer(created), refuse: (error: Error) => refuse(error) };
}

async function start(user: TestUser, answerWithinMs?: number) {
  const form = {
    amount: "5000",
    phone: "70000001",
    method: "wave",
    currency: "XOF",
    key: randomUUID(),
  } as const;
  const links = { returnUrl: () => "http://localhost/", locale: "fr", defaultCountry: "BF" } as const;
  const within = answerWithinMs === undefined ? {} : { answerWithinMs };
  return await startDeposit(user.context, form, { ...links, ...within });
}

async function pay(reference: string): Promise<void> {
  const event = { ...providerState(FRANCS), reference, eventKey: randomUUID(), kind: "collection" as const };
  provider.getCollection = async () => providerState(FRANCS);
  await receiveWebhook(createContext(db), { provider: provider.name, ...fakeWebhook(event) });
  const [row] = await owner<
    { id: string }[]
  >`select id from webhook_events where event_key = ${event.eventKey}`;
  await processWebhook(system(), BigInt(row?.id ?? 0));
}

async function available({ walletId }: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

describe("a top-up whose provider doesn't answer", () => {
  it("opens its waiting page at once, and has its payment page when the one call is answered", async () => {
    const user = await createUser(db);
    const call = hang();
    const before = provider.collections.length;
    const operation = await start(user, 20);
    expect(operation).toMatchObject({ status: "in_progress", paymentUrl: null });
    call.answer({ providerReference: "late", paymentUrl: "https://pay.test/late" });
    const shown = () => getOperation(user.context, operation.reference);
    await expect.poll(async () => (await shown()).paymentUrl).toBe("https://pay.test/late");
    expect(progressOf(await shown())).not.toBe(progressOf(operation));
    expect(provider.collections.length - before).toBe(1);
  });

  it("fails with its reason when the answer is a late refusal", async () => {
    const user = await createUser(db);
    const call = hang();
    const { reference } = await start(user, 20);
    call.refuse(new ProviderError("declined", "no"));
    const shown = () => getOperation(user.context, reference);
    await expect.poll(async () => (await shown()).status).toBe("failed");
    expect((await shown()).reason).toBe("provider_declined");
  });

  it("is credited if it is paid before the call is answered", async () => {
    const user = await createUser(db);
    const call = hang();
    const { reference } = await start(user, 20);
    await pay(reference);
    call.answer({ providerReference: "later", paymentUrl: "https://pay.test/later" });
    expect(await available(user)).toBe(5_000n);
  });

  it("waits for the call where no limit is given, as the API does", async () => {
    const operation = await start(await createUser(db));
    expect(operation.paymentUrl).not.toBeNull();
  });
});

describe("an unpaid top-up", () => {
  it("is cancelled by its owner, once", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    for (let count = 0; count < 2; count += 1) {
      expect(await cancelDeposit(user.context, reference)).toMatchObject({
        status: "failed",
        reason: "cancelled",
      });
    }
    const { steps } = await getOperation(user.context, reference);
    expect(steps.map(({ state }) => state)).toEqual(["pending", "failed"]);
  });

  it("is credited when its money comes after all", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    await cancelDeposit(user.context, reference);
    await pay(reference);
    expect(await getOperation(user.context, reference)).toMatchObject({ status: "succeeded" });
    expect(await available(user)).toBe(5_000n);
    expect(await cancelDeposit(user.context, reference)).toMatchObject({ status: "succeeded" });
    expect(await available(user)).toBe(5_000n);
  });

  it("is queried on after it was cancelled, since its webhook may be lost", async () => {
    const user = await createUser(db);
    const { reference, id } = await start(user);
    await cancelDeposit(user.context, reference);
    const [job] = await owner`select from graphile_worker._private_jobs where key = ${`check_deposit:${id}`}`;
    expect(job).toBeDefined();
    provider.getCollection = async () => providerState(FRANCS);
    await checkDeposit(system(), id);
    expect(await available(user)).toBe(5_000n);
  });

  it("is nobody else's to cancel", async () => {
    const [user, stranger] = [await createUser(db), await createUser(db)];
    const { reference } = await start(user);
    const refused = { code: "not_found" };
    await expect(cancelDeposit(stranger.context, reference)).rejects.toMatchObject(refused);
    await expect(cancelDeposit(user.context, "TXN-NOBODYS")).rejects.toMatchObject(refused);
    await expect(cancelDeposit(user.context, "nonsense\0")).rejects.toMatchObject(refused);
    await expect(cancelDeposit(createContext(db), reference)).rejects.toMatchObject({
      code: "unauthenticated",
    });
    expect((await getOperation(user.context, reference)).status).toBe("in_progress");
  });

  it("ends once when it is cancelled and paid at the same time", async () => {
    const user = await createUser(db);
    const { reference } = await start(user);
    await Promise.all([
      pay(reference),
      ...Array.from({ length: 5 }, () => cancelDeposit(user.context, reference)),
    ]);
    expect(await available(user)).toBe(5_000n);
    expect((await getOperation(user.context, reference)).status).toBe("succeeded");
  });
});
