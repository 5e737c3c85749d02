import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, fakeWebhook, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, recordPendingDeposit } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import type { ProviderState } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { processWebhook } from "../provider-events/process-webhook";
import { receiveWebhook } from "../provider-events/receive-webhook";

const { db, owner } = await useDatabase();
const AMOUNT = money(2_000n, "XOF");
const HOUR_MS = 60 * 60 * 1000;
const signed = createFakeProvider("stamps");
const unsigned = createFakeProvider("hints", { signedWebhooks: false, queriesCollections: true });
let booked: Partial<ProviderState> = {};
unsigned.getCollection = async () => providerState(AMOUNT, booked);

beforeAll(() => overrideProviders([signed, unsigned]));
afterAll(() => overrideProviders(null));

/** When a deposit counts as paid that was asked for two hours ago, and whose webhook is processed three hours after it came. */
async function paidAt(provider: typeof signed, claim: Partial<ProviderState>): Promise<Date | null> {
  const { walletId } = await createUser(db);
  const from = { provider: provider.name, method: "wave", phone: "+22670000001" };
  const reference = await recordPendingDeposit(db, walletId, AMOUNT, from);
  await owner`alter table operations disable trigger operations_keep`;
  await owner`update operations set created_at = now() - interval '2 hours' where reference = ${reference}`;
  await owner`alter table operations enable trigger operations_keep`;
  const event = { ...providerState(AMOUNT), reference, kind: "collection", eventKey: randomUUID() } as const;
  const system = createContext(db, { kind: "system" });
  const body = { ...event, ...claim };
  const { rawBody, headers, calledAt } = fakeWebhook(body);
  await receiveWebhook(system, { provider: provider.name, rawBody, headers, calledAt });
  const [stored] = await owner<{ id: string }[]>`
    select id from webhook_events where event_key = ${event.eventKey}`;
  const later = { ...system, now: new Date(Date.now() + 3 * HOUR_MS) };
  await processWebhook(later, BigInt(stored?.id ?? 0));
  const [row] = await owner<{ paid_at: Date }[]>`
    select d.paid_at from deposit_payments d join operations o on o.id = d.operation_id where o.reference = ${reference}`;
  return row?.paid_at ?? null;
}

const hoursAgo = (at: Date | null) =>
  at === null ? null : Math.round((Date.now() - at.getTime()) / HOUR_MS);

describe("a deposit was paid", () => {
  it("when its provider stamped it, between its start and its credit", async () => {
    const stamp = new Date(Date.now() - HOUR_MS);
    expect(hoursAgo(await paidAt(signed, { paidAt: stamp }))).toBe(1);
    expect(hoursAgo(await paidAt(signed, { paidAt: new Date(Date.now() - 9 * HOUR_MS) }))).toBe(2);
  });

  it("no later than its signed event came, whatever the stamp", async () => {
    expect(hoursAgo(await paidAt(signed, {}))).toBe(0);
    expect(hoursAgo(await paidAt(signed, { paidAt: new Date(Date.now() + 2 * HOUR_MS) }))).toBe(0);
  });

  it("when the provider's answer to our query says, not when an unsigned hint does", async () => {
    booked = {};
    expect(await paidAt(unsigned, { paidAt: new Date(Date.now() - HOUR_MS) })).toBeNull();
    booked = { paidAt: new Date(Date.now() - HOUR_MS) };
    expect(hoursAgo(await paidAt(unsigned, {}))).toBe(1);
  });
});
