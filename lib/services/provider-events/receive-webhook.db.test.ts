import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import {
  createFakeProvider,
  type FakeProvider,
  fakeWebhook,
  providerState,
} from "@/e2e/support/fake-provider";
import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { type Money, money } from "@/lib/money/money";
import { overrideProviders } from "@/lib/providers/registry";
import { startDeposit } from "../deposits/start-deposit";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "./process-webhook";
import { receiveWebhook } from "./receive-webhook";

const { db, owner } = await useDatabase();
const provider = createFakeProvider(`scripted${randomUUID().slice(0, 8)}`);
const francs = (amount: bigint): Money => money(amount, "XOF");

beforeAll(() => overrideProviders([provider]));
afterAll(() => overrideProviders(null));

async function available(user: TestUser): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.available(user.walletId, "XOF")]);
  return balance?.amountMinor ?? -1n;
}

async function suspense(): Promise<bigint> {
  const [balance] = await getBalances(db, [chart.suspense("XOF")]);
  return balance?.amountMinor ?? -1n;
}

/** Five thousand francs requested from `from`. */
async function start(user: TestUser, from: FakeProvider) {
  overrideProviders([from]);
  const form = {
    amount: "5000",
    phone: "70000001",
    method: "wave",
    currency: "XOF",
    key: randomUUID(),
  } as const;
  return await startDeposit(user.context, form, {
    returnUrl: (reference) => `http://localhost/wallet/topup/${reference}`,
    locale: "fr",
    defaultCountry: "BF",
  });
}

/** An event as it is stored, with how many jobs wait for it. */
async function storedEvent(eventKey: string): Promise<{ id: bigint; jobs: number } | null> {
  const [row] = await owner<{ id: string; jobs: number }[]>`
    select e.id, (select count(*)::int from graphile_worker._private_jobs j
      where j.payload ->> 'eventId' = e.id::text) as jobs
    from webhook_events e where e.event_key = ${eventKey}`;
  return row ? { id: BigInt(row.id), jobs: row.jobs } : null;
}

describe("an event with a valid signature", () => {
  const event = () => ({
    ...providerState(francs(5_000n)),
    reference: "TXN-NOBODY",
    eventKey: randomUUID(),
    kind: "collection" as const,
  });

  it("is stored together with the job that will process it, once", async () => {
    const heard = event();
    const webhook = { provider: provider.name, ...fakeWebhook(heard) };
    await receiveWebhook(createContext(db), webhook);
    await receiveWebhook(createContext(db), webhook);
    expect((await storedEvent(heard.eventKey))?.jobs).toBe(1);
  });

  it("whose transaction fails leaves no job", async () => {
    const jobs = async () => (await owner`select from graphile_worker._private_jobs`).length;
    const heard = event();
    const before = await jobs();
    // At the very end of the transaction, when the job is written already.
    await owner.unsafe(`create function fail_at_commit() returns trigger language plpgsql as
      $$ begin raise exception 'the disk is full'; end $$;
      create constraint trigger fail_at_commit after insert on webhook_events deferrable initially deferred
      for each row execute function fail_at_commit()`);
    const received = receiveWebhook(createContext(db), {
      provider: provider.name,
      ...fakeWebhook(heard),
    });
    await expect(received).rejects.toThrow();
    await owner.unsafe("drop trigger fail_at_commit on webhook_events; drop function fail_at_commit");
    expect([await storedEvent(heard.eventKey), await jobs()]).toEqual([null, before]);
  });

  it("from a provider without signatures and without a query moves nothing", async () => {
    const mute = createFakeProvider(`mute${randomUUID().slice(0, 8)}`, { signedWebhooks: false });
    overrideProviders([mute]);
    const user = await createUser(db);
    const { reference } = await start(user, mute);
    const heard = { ...event(), reference };
    await receiveWebhook(createContext(db), { provider: mute.name, ...fakeWebhook(heard) });
    await processWebhook(
      createContext(db, { kind: "system" }),
      (await storedEvent(heard.eventKey))?.id ?? 0n,
    );
    overrideProviders([provider]);
    const [row] = await owner`select state, outcome from webhook_events where event_key = ${heard.eventKey}`;
    expect(row).toEqual({ state: "needs_review", outcome: "unsigned_and_unconfirmed" });
    expect(await available(user)).toBe(0n);
  });

  it("from another provider than the deposit's moves nothing", async () => {
    const user = await createUser(db);
    const { reference } = await start(user, provider);
    const other = createFakeProvider(`other${randomUUID().slice(0, 8)}`);
    const before = await suspense();
    overrideProviders([provider, other]);
    const event = {
      ...providerState(francs(5_000n)),
      reference,
      eventKey: randomUUID(),
      kind: "collection" as const,
    };
    await receiveWebhook(createContext(db), { provider: other.name, ...fakeWebhook(event) });
    await processWebhook(
      createContext(db, { kind: "system" }),
      (await storedEvent(event.eventKey))?.id ?? 0n,
    );
    overrideProviders([provider]);
    expect(await available(user)).toBe(0n);
    expect((await suspense()) - before).toBe(5_000n);
    expect((await getOperation(user.context, reference)).status).toBe("in_progress");
  });
});
